# Made by resolverctl export: in Cloud DNS what resolverd holds.

terraform {
  required_providers {
    google = {
      source = "hashicorp/google"
    }
    google-beta = {
      source = "hashicorp/google-beta"
    }
  }
}

variable "project" {
  description = "The project that gets all this"
  type        = string
}

variable "network_prod" {
  description = "A VPC network: its name in the project, or projects/P/global/networks/N"
  type        = string
  default     = "projects/p1/global/networks/prod"
}

variable "network_default" {
  description = "A VPC network: its name in the project, or projects/P/global/networks/N"
  type        = string
  default     = "default"
}

variable "network_hub" {
  description = "A VPC network: its name in the project, or projects/P/global/networks/N"
  type        = string
  default     = "hub"
}

variable "cluster_blue" {
  description = "A GKE cluster: projects/P/locations/L/clusters/C"
  type        = string
  default     = "projects/p1/locations/l/clusters/blue"
}

variable "cluster_green" {
  description = "A GKE cluster: projects/P/locations/L/clusters/C"
  type        = string
}

locals {
  network_prod = (
    strcontains(var.network_prod, "/") ? var.network_prod :
    "projects/${var.project}/global/networks/${var.network_prod}"
  )

  network_default = (
    strcontains(var.network_default, "/") ? var.network_default :
    "projects/${var.project}/global/networks/${var.network_default}"
  )

  network_hub = (
    strcontains(var.network_hub, "/") ? var.network_hub :
    "projects/${var.project}/global/networks/${var.network_hub}"
  )
}

# instance vm1 is left out: Compute Engine names its VMs itself
# endpoint vialink1 is left out: who makes it in Private Service Connect gets its names at p.googleapis.com too
# entry point 10.1.0.2 is left out: Cloud DNS chooses an address in each subnet

resource "google_dns_managed_zone" "example" {
  project     = var.project
  name        = "example"
  dns_name    = "example.com."
  description = "it's \"$(reboot)\"\nand `more`"
  visibility  = "private"

  private_visibility_config {
    networks {
      network_url = local.network_prod
    }
    networks {
      network_url = local.network_default
    }
  }
}

resource "google_dns_record_set" "example_apex_soa" {
  project      = google_dns_managed_zone.example.project
  managed_zone = google_dns_managed_zone.example.name
  name         = "example.com."
  type         = "SOA"
  ttl          = 300
  rrdatas      = ["ns.example.com. me.example.com. 7 3600 600 86400 60"]
}

resource "google_dns_record_set" "example_apex_a" {
  project      = google_dns_managed_zone.example.project
  managed_zone = google_dns_managed_zone.example.name
  name         = "Example.com."
  type         = "A"
  ttl          = 300
  rrdatas      = ["192.0.2.1", "192.0.2.2"]
}

resource "google_dns_record_set" "example_apex_txt" {
  project      = google_dns_managed_zone.example.project
  managed_zone = google_dns_managed_zone.example.name
  name         = "example.com."
  type         = "TXT"
  ttl          = 300
  rrdatas      = ["\"a,b|c;d {0} '$HOME' `id` $(id) $${x} %%{y} \\\" \\\\ \\010 \\200\"", "\"v=spf1 -all\""]
}

resource "google_dns_record_set" "example_any_cname" {
  project      = google_dns_managed_zone.example.project
  managed_zone = google_dns_managed_zone.example.name
  name         = "*.example.com."
  type         = "CNAME"
  ttl          = 300
  rrdatas      = ["example.com."]
}

resource "google_dns_record_set" "example__dash_aaaa" {
  project      = google_dns_managed_zone.example.project
  managed_zone = google_dns_managed_zone.example.name
  name         = "-dash.example.com."
  type         = "AAAA"
  ttl          = 300
  rrdatas      = ["2001:db8::1"]
}

resource "google_dns_record_set" "example___x_y_mx" {
  project      = google_dns_managed_zone.example.project
  managed_zone = google_dns_managed_zone.example.name
  name         = "\\$x'y.example.com."
  type         = "MX"
  ttl          = 300
  rrdatas      = ["10 m.example.com."]
}

resource "google_dns_record_set" "example_x_y_a" {
  project      = google_dns_managed_zone.example.project
  managed_zone = google_dns_managed_zone.example.name
  name         = "x_y.example.com."
  type         = "A"
  ttl          = 300
  rrdatas      = ["192.0.2.3"]
}

resource "google_dns_record_set" "example_x_y_a_2" {
  project      = google_dns_managed_zone.example.project
  managed_zone = google_dns_managed_zone.example.name
  name         = "x-y.example.com."
  type         = "A"
  ttl          = 300
  rrdatas      = ["192.0.2.4"]
}

resource "google_dns_record_set" "example_w_a" {
  project      = google_dns_managed_zone.example.project
  managed_zone = google_dns_managed_zone.example.name
  name         = "w.example.com."
  type         = "A"
  ttl          = 60

  routing_policy {
    wrr {
      weight  = 0.25
      rrdatas = ["10.0.0.1", "10.0.0.2"]
    }
    wrr {
      weight = 3

      health_checked_targets {
        internal_load_balancers {
          load_balancer_type = "regionalL4ilb"
          ip_address         = "10.0.0.5"
          port               = "80"
          ip_protocol        = "tcp"
          network_url        = "projects/p1/global/networks/prod"
          project            = var.project
          region             = "europe-west1"
        }
        # the load balancer at 10.0.0.6 lacks a network_url, which Terraform's provider asks for
        internal_load_balancers {
          ip_address  = "10.0.0.6"
          port        = "443"
          ip_protocol = "udp"
          project     = "p2"
        }
      }
    }
  }
}

resource "google_dns_record_set" "example_g_txt" {
  project      = google_dns_managed_zone.example.project
  managed_zone = google_dns_managed_zone.example.name
  name         = "g.example.com."
  type         = "TXT"
  ttl          = 60

  routing_policy {
    enable_geo_fencing = true

    geo {
      location = "europe-west1"
      rrdatas  = ["\"here; there, and | so\""]
    }
    geo {
      location = "us-east1"
      rrdatas  = ["\"here; there, and | so\""]
    }
  }
}

resource "google_dns_record_set" "example_f_a" {
  project      = google_dns_managed_zone.example.project
  managed_zone = google_dns_managed_zone.example.name
  name         = "f.example.com."
  type         = "A"
  ttl          = 60

  routing_policy {
    primary_backup {
      trickle_ratio = 0.1

      primary {
        internal_load_balancers {
          load_balancer_type = "regionalL4ilb"
          ip_address         = "10.0.0.5"
          port               = "80"
          ip_protocol        = "tcp"
          network_url        = "projects/p1/global/networks/prod"
          project            = var.project
          region             = "europe-west1"
        }
        # the load balancer at 10.0.0.6 lacks a network_url, which Terraform's provider asks for
        internal_load_balancers {
          ip_address  = "10.0.0.6"
          port        = "443"
          ip_protocol = "udp"
          project     = "p2"
        }
      }
      backup_geo {
        location = "us-east1"
        rrdatas  = ["10.0.0.1", "10.0.0.2"]
      }
    }
  }
}

# Cloud DNS asks 10.9.0.1 at port 53, not 5353
resource "google_dns_managed_zone" "corp" {
  project     = var.project
  name        = "corp"
  dns_name    = "corp.test."
  description = "Exported by resolverctl"
  visibility  = "private"

  private_visibility_config {
    networks {
      network_url = local.network_prod
    }
  }

  forwarding_config {
    target_name_servers {
      ipv4_address = "10.9.0.1"
    }
    # the name server fd00::1 is left out: Terraform's provider takes no IPv6 address there
    target_name_servers {
      domain_name = "ns.corp.test."
    }
  }
}

resource "google_dns_managed_zone" "shared" {
  project     = var.project
  name        = "shared"
  dns_name    = "shared.test."
  description = "Exported by resolverctl"
  visibility  = "private"

  private_visibility_config {
    networks {
      network_url = local.network_prod
    }
  }

  peering_config {
    target_network {
      network_url = local.network_hub
    }
  }
}

resource "google_dns_managed_zone" "reverse" {
  provider       = google-beta
  project        = var.project
  name           = "reverse"
  dns_name       = "10.in-addr.arpa."
  description    = "Exported by resolverctl"
  visibility     = "private"
  reverse_lookup = true
}

resource "google_dns_managed_zone" "cluster" {
  project     = var.project
  name        = "cluster"
  dns_name    = "cluster.test."
  description = "Exported by resolverctl"
  visibility  = "private"

  private_visibility_config {
    gke_clusters {
      gke_cluster_name = var.cluster_blue
    }
    gke_clusters {
      gke_cluster_name = var.cluster_green
    }
  }
}

resource "google_dns_record_set" "cluster_svc_srv" {
  project      = google_dns_managed_zone.cluster.project
  managed_zone = google_dns_managed_zone.cluster.name
  name         = "svc.cluster.test."
  type         = "SRV"
  ttl          = 300
  rrdatas      = ["0 5 80 a.cluster.test."]
}

resource "google_dns_managed_zone" "run_app" {
  project     = var.project
  name        = "run-app"
  dns_name    = "run.app."
  description = "Exported by resolverctl"
  visibility  = "private"

  private_visibility_config {
    networks {
      network_url = local.network_hub
    }
    networks {
      network_url = local.network_default
    }
  }
}

resource "google_dns_record_set" "run_app_apex_a" {
  project      = google_dns_managed_zone.run_app.project
  managed_zone = google_dns_managed_zone.run_app.name
  name         = "run.app."
  type         = "A"
  ttl          = 60
  rrdatas      = ["199.36.153.4", "199.36.153.5", "199.36.153.6", "199.36.153.7"]
}

resource "google_dns_record_set" "run_app_any_cname" {
  project      = google_dns_managed_zone.run_app.project
  managed_zone = google_dns_managed_zone.run_app.name
  name         = "*.run.app."
  type         = "CNAME"
  ttl          = 60
  rrdatas      = ["run.app."]
}

resource "google_dns_response_policy" "rp" {
  project              = var.project
  response_policy_name = "rp"
  description          = "Exported by resolverctl"

  networks {
    network_url = local.network_default
  }
}

resource "google_dns_response_policy_rule" "rp_all_apis" {
  project         = google_dns_response_policy.rp.project
  response_policy = google_dns_response_policy.rp.response_policy_name
  rule_name       = "all-apis"
  dns_name        = "*.googleapis.com."

  local_data {
    local_datas {
      name    = "*.googleapis.com."
      type    = "A"
      ttl     = 300
      rrdatas = ["10.10.10.10", "10.10.10.11"]
    }
    local_datas {
      name    = "*.googleapis.com."
      type    = "TXT"
      ttl     = 300
      rrdatas = ["\"a|b,c=d\""]
    }
  }
}

resource "google_dns_response_policy_rule" "rp_www" {
  provider        = google-beta
  project         = google_dns_response_policy.rp.project
  response_policy = google_dns_response_policy.rp.response_policy_name
  rule_name       = "www"
  dns_name        = "www.googleapis.com."
  behavior        = "bypassResponsePolicy"
}

resource "google_dns_response_policy_rule" "rp_alias_test" {
  project         = google_dns_response_policy.rp.project
  response_policy = google_dns_response_policy.rp.response_policy_name
  rule_name       = "alias-test"
  dns_name        = "alias.test."

  local_data {
    local_datas {
      name    = "alias.test."
      type    = "CNAME"
      ttl     = 300
      rrdatas = ["example.com."]
    }
  }
}

resource "google_dns_policy" "sp" {
  project                   = var.project
  name                      = "sp"
  description               = "Exported by resolverctl"
  enable_inbound_forwarding = true
  enable_logging            = true

  networks {
    network_url = local.network_prod
  }

  alternative_name_server_config {
    target_name_servers {
      ipv4_address = "192.0.2.53"
    }
    target_name_servers {
      ipv4_address    = "10.9.0.2"
      forwarding_path = "private"
    }
    # the name server 2001:db8::53 is left out: Terraform's provider takes no IPv6 address there
  }

  dns64_config {
    scope {
      all_queries = true
    }
  }
}

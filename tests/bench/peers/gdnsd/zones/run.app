$TTL 60
$ORIGIN run.app.
@ SOA ns-gcp-private.googledomains.com. cloud-dns-hostmaster.google.com. (
	1 21600 3600 259200 300)
@ NS ns-gcp-private.googledomains.com.
@ A 199.36.153.4
@ A 199.36.153.5
@ A 199.36.153.6
@ A 199.36.153.7
* CNAME @

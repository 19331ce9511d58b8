# resolverd: one makefile, no recursion into directories, no configure step.
#
#   make                    build/release/resolverd and resolverctl
#   make run                try it on 127.0.0.1 port 5353
#   make test               every test; parts of it: unit, scenario, random,
#                           config, blackbox, exports, web (Chromium and
#                           Prometheus), and as root the lab
#   make asan | make tsan   the same tests under sanitizers, without the lab
#   make random SEED=x      100,000 random questions, or QUERIES=n
#   make bench              how it compares with its peers, those installed,
#                           and what searching, loading and caching cost;
#                           SHORT=yes takes four minutes
#   make bench-instructions what a query costs the engine, counted by valgrind
#   make soak SOAK=60       a mixed load for that many seconds, and what it does
#                           to the daemon's memory
#   make fuzz TIME=60       every fuzz target, that many seconds each
#   make lint               format, tidy, layers, purity, manual pages
#   make install            DESTDIR, PREFIX, SYSCONFDIR, MANDIR, UNITDIR, ...
#   make LTO=yes            optimise the programs as a whole (build/lto, gcc)
#   make V=1                show the commands
#
# run, test and lint install the Debian packages they miss when root calls
# them; to anybody else they say which.
#
# CC, CFLAGS, CPPFLAGS, LDFLAGS and LDLIBS are yours; nothing below assigns
# to them.

PREFIX     ?= /usr/local
SBINDIR    ?= $(PREFIX)/sbin
MANDIR     ?= $(PREFIX)/share/man
DATADIR    ?= $(PREFIX)/share
DOCDIR     ?= $(DATADIR)/doc/resolverd
SYSCONFDIR ?= /etc
UNITDIR    ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
TMPFILESDIR ?= $(PREFIX)/lib/tmpfiles.d
PKG_CONFIG ?= pkg-config
FLAVOR     ?= release
TIME       ?= 60
QUERIES    ?= 100000
CFLAGS     ?= -O2 -g

# The whole program at once, in a directory of its own.
ifeq ($(LTO),yes)
optimise := -flto=auto
AR       := gcc-ar
endif

OUT := build/$(if $(optimise),lto,$(FLAVOR))
OBJ := $(OUT)/obj

libraries := ldns libevent_core libevent_extra libevent_openssl openssl \
	     yaml-0.1
warnings  := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	     -Wmissing-prototypes -Wold-style-definition -Wpointer-arith \
	     -Wcast-qual -Wwrite-strings -Wconversion -Wundef -Wvla \
	     -Wswitch-enum -Wformat=2 -Wimplicit-fallthrough

machine   := $(shell $(CC) -dumpmachine 2>/dev/null)
branches  := $(if $(filter x86_64%,$(machine)),-fcf-protection) \
	     $(if $(filter aarch64%,$(machine)),-mbranch-protection=standard)

# A flavour: what the compiler gets, and what the linker gets beside it.
release      := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fPIE \
		-fstack-protector-strong -fstack-clash-protection $(branches)
release_link := -pie -Wl,-z,relro,-z,now
asan         := -fsanitize=address,undefined -fno-sanitize-recover=all
tsan         := -fsanitize=thread
fuzz         := -fsanitize=fuzzer-no-link,address,undefined \
		-fno-sanitize-recover=all
fuzz_link    := -fsanitize=fuzzer

config   := $(SYSCONFDIR)/resolverd/resolverd.yaml
cppflags := -D_GNU_SOURCE -Iresolverd -DRESOLVERD_CONFIG='"$(config)"' \
	    $(shell $(PKG_CONFIG) --cflags $(libraries) 2>/dev/null)
# Under which names the libraries are loaded that are loaded late.
soname    = '$(shell readelf -d "$$($(CC) -print-file-name=lib$(1).so)" \
	    2>/dev/null | sed -n 's/.*SONAME.*\[\(.*\)\]/"\1"/p')'
cppflags += -DLATE_LDNS=$(call soname,ldns) -DLATE_SSL=$(call soname,ssl) \
	    -DLATE_EVENT_OPENSSL=$(call soname,event_openssl)
cflags   := -std=c11 -fno-omit-frame-pointer $(warnings) $($(FLAVOR))
# libevent whole is asked for by libevent_openssl, which needs its core only.
# Programs name the libraries that they call, not all of them.
ldlibs   := -Wl,--as-needed $(filter-out -levent,$(shell \
	    $(PKG_CONFIG) --libs $(libraries) 2>/dev/null)) -lm -pthread
compile   = $(CC) $(cppflags) -MMD -MP $(CPPFLAGS) $(cflags) $(optimise) \
	    $(CFLAGS)
link      = $(CC) $($(FLAVOR)) $($(FLAVOR)_link) $(optimise) $(CFLAGS) \
	    $(LDFLAGS)

# A layer is a directory.  All but the mains go into one archive, which is
# what the programs, the tests and the fuzz targets link.
layers    := base dns core model config io ctl
sources   := $(sort $(wildcard $(layers:%=resolverd/%/*.c)))
page      := $(addprefix resolverd/ctl/page/,pack.sh page.html page.css page.js)
archive   := $(OUT)/libresolverd.a
programs  := $(OUT)/resolverd $(OUT)/resolverctl
units     := $(patsubst %.c,$(OUT)/%,$(sort $(wildcard tests/unit/test_*.c)))
support   := $(filter-out tests/unit/test_%.c,$(wildcard tests/unit/*.c))
replay    := $(OUT)/tests/scenario/replay
drive     := $(OUT)/tests/random/drive
benches   := $(patsubst %.c,$(OUT)/%,$(sort $(wildcard tests/bench/bench_*.c)))
counted   := $(OUT)/tests/bench/replay
players   := $(addprefix $(OUT)/tests/bench/,load echo upstream start \
	     mallocs.so)
fuzzers   := $(patsubst %.c,$(OUT)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
made      := $(OUT)/config.schema.json \
	     $(addprefix $(OUT)/completion.,bash zsh fish)
scenarios := $(sort $(wildcard tests/scenario/*.scn tests/vectors/*.scn))
c_files   := $(sources) $(sort $(wildcard resolverd/*.c tests/*/*.c))
h_files   := $(sort $(wildcard resolverd/*/*.h tests/*/*.h))
manuals   := $(sort $(wildcard resolverd/*.[1578]))
lints     := format layers purity budgets ban hardening manuals readme \
    scripts services tidy
objects_of = $(patsubst %.c,$(OBJ)/%.o,$(sort $(wildcard $(1))))

# Under sudo, what is built belongs to whoever owns the clone.
ifeq ($(shell id -u),0)
ifneq ($(shell stat -c %u .),0)
as_owner := setpriv --clear-groups --reuid=$(shell stat -c %u .) \
	    --regid=$(shell stat -c %g .)
endif
endif

ifneq ($(V),1)
Q   := @
say  = @printf '  %-5s %s\n' $(1) $(2)
endif
MAKEFLAGS += --no-print-directory

# All processors, unless -j says otherwise.
jobs      = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
packages  := tests/packages
ensure    := $(packages)/ensure

all:
	$(Q)$(PKG_CONFIG) --exists $(libraries) 2>/dev/null || \
	    $(ensure) -n $(packages)/build
	$(Q)$(MAKE) $(jobs) programs

run:
	$(Q)$(ensure) $(packages)/build $(packages)/run
	$(Q)$(MAKE) $(jobs) programs
	@echo 'Ctrl-C stops resolverd. Once it says that it listens,' \
	    'try in another terminal:'
	@echo
	@echo '    dig @127.0.0.1 -p 5353 hello-abc123-uc.a.run.app'
	@echo
	$(Q)exec $(OUT)/resolverd -f -l 127.0.0.1:5353

test:
	$(Q)$(ensure) $(packages)/build $(packages)/test tests/lab/packages
	$(Q)$(MAKE) checks
	$(Q)$(MAKE) FLAVOR=asan corpus
	$(Q)$(MAKE) web
	$(Q)if [ "$$(id -u)" -eq 0 ]; then $(MAKE) lab; \
	    else echo 'lab: left out, it needs root'; fi

asan tsan:
	$(Q)$(ensure) $(packages)/build $(packages)/test
	$(Q)$(MAKE) FLAVOR=$@ checks corpus

checks:
	$(Q)$(MAKE) unit
	$(Q)$(MAKE) scenario
	$(Q)$(MAKE) random SEED=test QUERIES=4000
	$(Q)$(MAKE) config
	$(Q)$(MAKE) blackbox
	$(Q)$(MAKE) exports
	$(Q)$(MAKE) $(jobs) players
	$(Q)BENCH=$(OUT)/tests/bench tests/bench/check

unit:
	$(Q)$(MAKE) $(jobs) units
	$(Q)$(as_owner) tests/unit/run $(units)

scenario:
	$(Q)$(MAKE) $(jobs) replay
	$(Q)$(as_owner) $(replay) $(scenarios)

random:
	$(Q)$(MAKE) $(jobs) drive
	$(Q)$(as_owner) tests/random/claims.py
	$(Q)$(as_owner) tests/random/compare.py --drive $(drive) \
	    --queries $(QUERIES) --keep $(OUT)/random $(SEED:%=--seed %)

config:
	$(Q)$(MAKE) $(jobs) programs
	$(Q)RESOLVERD=$(OUT)/resolverd tests/config/examples.sh
	$(Q)RESOLVERCTL=$(OUT)/resolverctl tests/config/schema.py

blackbox:
	$(Q)$(MAKE) $(jobs) programs
	$(Q)RESOLVERD=$(OUT)/resolverd tests/blackbox/run

web:
	$(Q)$(ensure) $(packages)/build $(packages)/test $(packages)/web
	$(Q)$(MAKE) $(jobs) programs
	$(Q)RESOLVERD=$(OUT)/resolverd tests/blackbox/run tests/web/test_*.sh

exports:
	$(Q)tests/export/run

lab:
	$(Q)$(ensure) $(packages)/build tests/lab/packages
	$(Q)$(MAKE) $(jobs) programs
	$(Q)RESOLVERD=$(OUT)/resolverd tests/lab/run

deb-test: deb
	$(Q)$(MAKE) $(jobs) programs
	$(Q)$(as_owner) tests/package/run

# Where it cannot run it says why, and is no failure.
vm-test:
	$(Q)$(ensure) $(packages)/build $(packages)/deb tests/vm/host-packages
	$(Q)$(MAKE) deb-test
	$(Q)tests/vm/run

# Figures, not tests: nothing here fails for being slow.
bench:
	$(Q)$(MAKE) $(jobs) programs benches players
	$(Q)BENCH=$(OUT)/tests/bench tests/bench/check
	$(Q)RESOLVERD=$(OUT)/resolverd BENCH=$(OUT)/tests/bench tests/bench/run
	$(Q)[ "$(SHORT)" = yes ] || RESOLVERD=$(OUT)/resolverd \
	    BENCH=$(OUT)/tests/bench tests/bench/costs

# By instructions, which are the same on each run: this may fail.
bench-instructions:
	$(Q)$(MAKE) $(jobs) counted
	$(Q)REPLAY=$(counted) tests/bench/replay_count

soak:
	$(Q)$(ensure) $(packages)/build $(packages)/test
	$(Q)$(MAKE) $(jobs) programs
	$(Q)RESOLVERD=$(OUT)/resolverd SHOW=yes tests/blackbox/run \
	    tests/blackbox/soak.sh

# Every seed and every find once, without libFuzzer.
corpus:
	$(Q)$(MAKE) $(jobs) fuzzers
	$(Q)for f in $(fuzzers); do \
	    $(as_owner) $$f tests/fuzz/corpus/$${f##*/fuzz_}/* || exit 1; done

fuzz:
	$(Q)$(ensure) $(packages)/build $(packages)/fuzz
	$(Q)$(MAKE) FLAVOR=fuzz CC=clang-14 fuzz-run

fuzz-run:
	$(Q)$(MAKE) $(jobs) fuzzers
	$(Q)for f in $(fuzzers); do name=$${f##*/fuzz_}; \
	    $(as_owner) mkdir -p $(OUT)/corpus/$$name && \
	    $(as_owner) $$f -max_total_time=$(TIME) -print_final_stats=1 \
		-artifact_prefix=$(OUT)/$$name- \
		$(OUT)/corpus/$$name tests/fuzz/corpus/$$name || exit 1; done

lint:
	$(Q)$(ensure) $(packages)/build $(packages)/test $(packages)/lint
	$(Q)$(MAKE) --keep-going --output-sync $(jobs) $(lints)

format:
	$(Q)clang-format-14 --dry-run -Werror $(c_files) $(h_files)
layers:
	$(Q)tests/lint/layers.sh
purity: programs
	$(Q)tests/lint/purity.sh $(OBJ)
budgets: programs
	$(Q)tests/lint/budgets.sh $(OBJ)
ban: programs
	$(Q)for p in $(programs); do tests/lint/ban.sh $$p || exit 1; done
hardening: programs
	$(Q)for p in $(programs); do tests/lint/hardening.sh $$p || exit 1; done
manuals:
	$(Q)mandoc -Tlint -W warning $(manuals)
	$(Q)tests/lint/manuals.sh
readme:
	$(Q)tests/lint/readme.sh
scripts:
	$(Q)tests/lint/scripts.sh
services:
	$(Q)tests/lint/services.sh
tidy: $(c_files:%.c=$(OUT)/tidy/%)

# A person's configuration is never written over.
install: all $(made)
	install -D -m 0755 $(OUT)/resolverd $(DESTDIR)$(SBINDIR)/resolverd
	install -D -m 0755 $(OUT)/resolverctl $(DESTDIR)$(SBINDIR)/resolverctl
	for page in $(manuals); do install -D -m 0644 $$page \
	    $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/} || exit 1; done
	install -d $(dir $(DESTDIR)$(config))
	[ -e $(DESTDIR)$(config) ] || { \
	    sed 's|/usr/local/share/|$(DATADIR)/|' conf/resolverd.yaml \
	    >$(DESTDIR)$(config) && chmod 0644 $(DESTDIR)$(config); }
	[ -e $(DESTDIR)$(SYSCONFDIR)/logrotate.d/resolverd ] || \
	    install -D -m 0644 conf/resolverd.logrotate \
	    $(DESTDIR)$(SYSCONFDIR)/logrotate.d/resolverd
	install -D -m 0644 $(OUT)/config.schema.json \
	    $(DESTDIR)$(DATADIR)/resolverd/config.schema.json
	install -D -m 0644 $(OUT)/completion.bash \
	    $(DESTDIR)$(DATADIR)/bash-completion/completions/resolverctl
	install -D -m 0644 $(OUT)/completion.zsh \
	    $(DESTDIR)$(DATADIR)/zsh/site-functions/_resolverctl
	install -D -m 0644 $(OUT)/completion.fish \
	    $(DESTDIR)$(DATADIR)/fish/vendor_completions.d/resolverctl.fish
	cd $(DESTDIR)$(DATADIR) && \
	    ln -sf resolverctl bash-completion/completions/resolverd && \
	    ln -sf resolverctl.fish fish/vendor_completions.d/resolverd.fish
	install -d $(DESTDIR)$(DOCDIR)/examples/records
	install -m 0644 conf/examples/*.yaml systemd/resolverd-ports.conf \
	    conf/grafana-dashboard.json conf/prometheus-alerts.yaml \
	    $(DESTDIR)$(DOCDIR)/examples
	install -m 0644 conf/examples/records/* \
	    $(DESTDIR)$(DOCDIR)/examples/records
	install -d $(DESTDIR)$(UNITDIR)
	install -m 0644 systemd/resolverd.socket $(DESTDIR)$(UNITDIR)
	sed 's|/usr/sbin/|$(SBINDIR)/|; s|/etc/|$(SYSCONFDIR)/|' \
	    systemd/resolverd.service \
	    >$(DESTDIR)$(UNITDIR)/resolverd.service
	chmod 0644 $(DESTDIR)$(UNITDIR)/resolverd.service
	install -D -m 0644 systemd/sysusers.conf \
	    $(DESTDIR)$(SYSUSERSDIR)/resolverd.conf
	install -D -m 0644 systemd/tmpfiles.conf \
	    $(DESTDIR)$(TMPFILESDIR)/resolverd.conf

# What it was configured with stays, and its user too.
uninstall:
	rm -f $(DESTDIR)$(SBINDIR)/resolverd \
	    $(DESTDIR)$(SBINDIR)/resolverctl \
	    $(DESTDIR)$(UNITDIR)/resolverd.service \
	    $(DESTDIR)$(UNITDIR)/resolverd.socket \
	    $(DESTDIR)$(SYSUSERSDIR)/resolverd.conf \
	    $(DESTDIR)$(TMPFILESDIR)/resolverd.conf
	for page in $(manuals); do \
	    rm -f $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}; done
	rm -rf $(DESTDIR)$(DOCDIR) $(DESTDIR)$(DATADIR)/resolverd
	cd $(DESTDIR)$(DATADIR) && rm -f \
	    bash-completion/completions/resolverctl \
	    bash-completion/completions/resolverd \
	    zsh/site-functions/_resolverctl \
	    fish/vendor_completions.d/resolverctl.fish \
	    fish/vendor_completions.d/resolverd.fish

# build/deb/resolverd_VERSION_ARCHITECTURE.deb
deb:
	$(Q)$(ensure) $(packages)/build $(packages)/deb
	$(Q)$(as_owner) systemd/package build/deb

clean:
	rm -rf build

programs: $(programs)
units: $(units)
replay: $(replay)
drive: $(drive)
benches: $(benches)
counted: $(counted)
players: $(players)
fuzzers: $(fuzzers)
programs units replay drive benches counted players fuzzers:
	@:

$(OUT)/resolverd: $(OBJ)/resolverd/main.o $(archive)
$(OUT)/resolverctl: $(OBJ)/resolverd/resolverctl.o $(archive)
$(units): $(OUT)/%: $(OBJ)/%.o $(support:%.c=$(OBJ)/%.o) $(archive)
$(units): private ldlibs += -lcmocka
$(replay): $(call objects_of,tests/scenario/*.c) $(archive)
$(drive): $(call objects_of,tests/random/*.c) $(archive)
$(benches) $(counted): $(OUT)/%: $(OBJ)/%.o $(archive)
$(fuzzers): $(OUT)/%: $(OBJ)/%.o $(archive)
ifneq ($(FLAVOR),fuzz)
$(fuzzers): $(OBJ)/tests/fuzz/main.o
endif

# What they have in common is in two files; none needs the archive.
bench_objects = $(patsubst %,$(OBJ)/tests/bench/%.o,$(1) message net)
$(OUT)/tests/bench/load: $(call bench_objects,load load_rate load_tcp \
    load_udp pattern window)
$(OUT)/tests/bench/echo: $(call bench_objects,echo echo_forward echo_tcp)
$(OUT)/tests/bench/upstream: $(call bench_objects,upstream)
$(OUT)/tests/bench/start: $(call bench_objects,start)
$(OUT)/tests/bench/mallocs.so: tests/bench/mallocs.c
	$(call say,CC,$@)
	@$(as_owner) mkdir -p $(@D)
	$(Q)$(as_owner) $(CC) $(cppflags) $(CPPFLAGS) -std=c11 $(warnings) \
	    $(CFLAGS) -fPIC -shared -o $@ $<

# By the program of this very build, which has to run here.
$(OUT)/completion.%: $(OUT)/resolverctl
	$(Q)$(as_owner) sh -c '$(OUT)/resolverctl completion $* >$@'
$(OUT)/config.schema.json: $(OUT)/resolverctl
	$(Q)$(as_owner) sh -c '$(OUT)/resolverctl schema >$@'

$(programs) $(units) $(replay) $(drive) $(benches) $(counted) $(fuzzers) \
    $(filter-out %.so,$(players)):
	$(call say,LD,$@)
	@$(as_owner) mkdir -p $(@D)
	$(Q)$(as_owner) $(link) -o $@ $^ $(ldlibs) $(LDLIBS)

$(archive): $(sources:%.c=$(OBJ)/%.o) $(OBJ)/page_document.o
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(as_owner) $(AR) rcs $@ $^

# The page that the daemon serves is part of it.
$(OBJ)/page_document.c: $(page)
	$(call say,PAGE,$@)
	@$(as_owner) mkdir -p $(@D)
	$(Q)$(as_owner) sh -c '$(page) >$@'

$(OBJ)/page_document.o: $(OBJ)/page_document.c
	$(call say,CC,$<)
	$(Q)$(as_owner) $(compile) -c -o $@ $<

$(OBJ)/%.o: %.c
	$(call say,CC,$<)
	@$(as_owner) mkdir -p $(@D)
	$(Q)$(as_owner) $(compile) -c -o $@ $<

# As an object is made anew when a header of its changes, so is this.  The
# warnings are clang's, the compiler's being gcc's.
$(OUT)/tidy/%: $(OBJ)/%.o .clang-tidy
	$(call say,TIDY,$*.c)
	$(Q)$(as_owner) tests/lint/tidy.sh $*.c $@ \
	    -std=c11 $(cppflags) $(warnings)

-include $(wildcard $(OBJ)/*/*.d $(OBJ)/*/*/*.d)

.PHONY: all run test asan tsan checks unit scenario random config blackbox \
	exports web lab deb deb-test vm-test bench bench-instructions soak \
	corpus fuzz fuzz-run lint $(lints) install uninstall clean programs \
	units replay drive benches counted players fuzzers
.SECONDARY:

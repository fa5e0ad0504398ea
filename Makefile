# pen: GNU make, one file. `make help` lists what it can do.

VERSION  := $(shell sed -n 's/^\#define PEN_VERSION "\(.*\)"/\1/p' lib/pen.h)
SOMAJOR  := 0
PREFIX   ?= /usr/local
DESTDIR  ?=
BUILD    ?= build
CC       ?= cc
CFLAGS   ?= -O3 -g
MAKEFLAGS += --no-builtin-rules

# What a bare Debian 12 needs beyond make and git: to build, and to check.
BUILD_PACKAGES := gcc libc6-dev pkg-config gettext libsqlite3-dev libcsv-dev libcjson-dev zlib1g-dev libisal-dev libssl-dev
FUZZ_PACKAGES  := clang libclang-rt-dev
CHECK_PACKAGES := libcmocka-dev bats jq sqlite3 openssl mandoc shellcheck python3
BENCH_PACKAGES := sqlite3 openssl pigz

# ------------------------------------------------------------ what there is --

modules  := $(foreach f,base adapter model store work flow,\
	$(addprefix $f/,$(shell awk -v f=$f '$$1==f {for (i=3;i<=NF;i++) print $$i}' lib/FLOORS)))
tools    := $(patsubst cmd/pen-%.c,pen-%,$(wildcard cmd/pen-*.c))
cmd_common := $(filter-out $(tools:%=cmd/%.c),$(wildcard cmd/*.c))
fuzzers  := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
units    := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
units_in_order = $(foreach m,$(notdir $(modules)),$(filter test_$(m),$(units))) $(filter-out $(foreach m,$(notdir $(modules)),test_$(m)),$(units))
sql      := $(wildcard lib/store/*.sql)
schema   := $(sort $(wildcard share/schema/*.sql))
languages := $(patsubst share/po/%.po,%,$(wildcard share/po/*.po))
messages := $(languages:%=$(BUILD)/share/locale/%/LC_MESSAGES/pen.mo)

obj  := $(BUILD)/obj
gen  := $(BUILD)/gen
lib_objects := $(modules:%=$(obj)/%.o) $(obj)/gen/statements.o $(obj)/gen/schema.o
cmd_objects := $(cmd_common:cmd/%.c=$(obj)/cmd/%.o)

# ------------------------------------------------------------ how it is built --

warnings := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wpointer-arith -Wundef
cppflags := -D_GNU_SOURCE -Ilib -I$(gen) -include lib/base/banned.h -DPEN_PREFIX='"$(PREFIX)"'
cflags   := -std=c11 -fPIC -fvisibility=hidden -fstack-protector-strong $(warnings)
libs     := -lsqlite3 -lcsv -lcjson -lz -lisal -lcrypto
compile   = $(CC) $(cppflags) $(cflags) $(CFLAGS) -MMD -MP

soname := libpen.so.$(SOMAJOR)

# One short line a file; `make V=1` shows the commands.
ifndef V
.SILENT:
note = printf '  %-4s %s\n'
else
note = :
endif

.PHONY: all
all: $(BUILD)/lib/libpen.a $(BUILD)/lib/libpen.so $(tools:%=$(BUILD)/bin/%) $(BUILD)/share/pen $(messages)

$(gen)/statements.c $(gen)/statements.h &: lib/store/embed.awk $(sql)
	@mkdir -p $(gen)
	$(note) SQL $(gen)/statements.c
	awk -v header=$(gen)/statements.h -v source=$(gen)/statements.c -f $^

$(gen)/schema.c: lib/store/schema.awk $(schema)
	@mkdir -p $(gen)
	awk -f $^ >$@

$(obj)/gen/%.o: $(gen)/%.c
	@mkdir -p $(@D)
	$(note) CC $<
	$(compile) -c -o $@ $<

$(obj)/%.o: lib/%.c | $(gen)/statements.h
	@mkdir -p $(@D)
	$(note) CC $<
	$(compile) -c -o $@ $<

$(obj)/cmd/%.o: cmd/%.c
	@mkdir -p $(@D)
	$(note) CC $<
	$(compile) -c -o $@ $<

$(BUILD)/lib/libpen.a: $(lib_objects)
	@mkdir -p $(@D)
	@rm -f $@
	$(note) AR $@
	ar rcs $@ $^

$(BUILD)/lib/libpen.so: $(lib_objects) lib/libpen.map
	@mkdir -p $(@D)
	$(note) LD $@
	$(CC) $(CFLAGS) -shared -Wl,-soname,$(soname) -Wl,--version-script=lib/libpen.map -Wl,-z,defs -o $(BUILD)/lib/$(soname) $(lib_objects) $(libs)
	ln -sf $(soname) $@

# Kept, since they are made of flags that a later make need not know.
.SECONDARY: $(cmd_objects) $(tools:%=$(obj)/cmd/%.o)

# The tools find the library beside them, in the build tree as when installed.
$(BUILD)/bin/%: $(obj)/cmd/%.o $(cmd_objects) $(BUILD)/lib/libpen.so
	@mkdir -p $(@D)
	$(note) LD $@
	$(CC) $(CFLAGS) -o $@ $< $(cmd_objects) -L$(BUILD)/lib -lpen -Wl,-rpath,'$$ORIGIN/../lib'

$(BUILD)/share/pen:
	@mkdir -p $(@D)
	ln -sfn $(CURDIR)/share $@

$(BUILD)/share/locale/%/LC_MESSAGES/pen.mo: share/po/%.po
	@mkdir -p $(@D)
	$(note) MSG $<
	msgfmt -o $@ $<

-include $(shell find $(obj) -name '*.d' 2>/dev/null)

# ------------------------------------------------------------ tests --

# The library in them is made as it ships; the tests themselves are made fast.
$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/lib/libpen.a
	@mkdir -p $(@D)
	$(note) CC $<
	$(compile) -O0 -g1 -MF $@.d -DPEN_SOURCE='"$(CURDIR)"' -o $@ $< $(BUILD)/lib/libpen.a -lcmocka $(libs)

# A suite prints TAP; tests/run adds the suites up and ends in "N passed, N failed".
.PHONY: check check-suites demo bench asan asan-check lint
check: deps
	@$(MAKE) --no-print-directory check-suites

check-suites: all
	@tests/run $(BUILD) "$(MAKE)"

# The unit programs, by floor as FLOORS has them; tests/run calls this.
.PHONY: units
units: $(units:%=$(BUILD)/unit/%) $(BUILD)/share/pen
	@printf '%s\n' $(units_in_order:%=$(BUILD)/unit/%) >$(BUILD)/unit/list

demo: deps
	@$(MAKE) --no-print-directory all
	@share/examples/demo $(BUILD)/bin

# The readers of what others write, each as a program that replays files, and under clang
# as one of libFuzzer.
$(BUILD)/fuzz/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c tests/fuzz/fuzz.h $(BUILD)/lib/libpen.a
	@mkdir -p $(@D)
	$(note) CC $<
	$(CC) $(cppflags) $(cflags) $(CFLAGS) -o $@ $< tests/fuzz/replay.c $(BUILD)/lib/libpen.a $(libs)

$(BUILD)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/fuzz.h $(BUILD)/lib/libpen.a
	@mkdir -p $(@D)
	$(note) CC $<
	$(CC) $(cppflags) $(cflags) $(CFLAGS) -fsanitize=fuzzer -o $@ $< $(BUILD)/lib/libpen.a $(libs)

.PHONY: replays fuzzers fuzz
replays: $(fuzzers:%=$(BUILD)/fuzz/replay_%)
fuzzers: $(fuzzers:%=$(BUILD)/fuzz/fuzz_%)

# Each fuzzer for so many seconds; needs clang, which nothing else does.
FUZZ_SECONDS ?= 60
fuzz:
	@$(MAKE) --no-print-directory CHECK_PACKAGES="$(FUZZ_PACKAGES)" deps
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/clang CC=clang CFLAGS="$(asan_flags) -fsanitize=fuzzer-no-link" fuzzers
	@tests/fuzz/run $(BUILD)/clang $(FUZZ_SECONDS)

# Each command that writes, with every fault at every place: an hour or two; `check` has a
# part of it.
.PHONY: fault
fault: deps
	@$(MAKE) --no-print-directory all
	@tests/fault/run $(BUILD) tests/fault/TABLE

# Importers, amendments, verifiers, reports and backups at once on one store.
SOAK_SECONDS ?= 600
.PHONY: soak
soak: deps
	@$(MAKE) --no-print-directory all
	@tests/soak/run $(BUILD) $(SOAK_SECONDS)

# The same unit and command tests under AddressSanitizer and UBSan.
asan_flags := -O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
asan:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan CFLAGS="$(asan_flags)" all units replays

# Every unit and command test under them; make check runs half of the latter.
asan-check: deps
	@PEN_SUITES="asan-units asan-commands" PEN_ASAN_TESTS="$(patsubst tests/cli/%.bats,%,$(wildcard tests/cli/*.bats))" \
		$(MAKE) --no-print-directory check-suites

# Which lines and branches the tests reach, by floor: a quarter of an hour.
.PHONY: coverage
coverage: deps
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/counting CFLAGS="-O0 -g --coverage -fprofile-update=atomic" all units
	@MAKE="$(MAKE)" tests/coverage/run $(BUILD)/counting $(SUITES)

# The forms as another implementation of Table Schema sees them; not part of check.
.PHONY: schemas
schemas:
	@tests/schemas/run $(abspath $(BUILD))

# The pages that are made: pen-rules(7) from the catalogue and its text.
.PHONY: pages
pages: all
	@env -u PEN_STORE -u PEN_RULES LC_ALL=C.UTF-8 $(BUILD)/bin/pen-verify catalogue -f json | \
	    jq -j --rawfile text man/man7/pen-rules.text -f man/man7/pen-rules.jq >$(BUILD)/pen-rules.7
	@mv $(BUILD)/pen-rules.7 man/man7/pen-rules.7

bench:
	@$(MAKE) --no-print-directory CHECK_PACKAGES="$(BENCH_PACKAGES)" deps
	@$(MAKE) --no-print-directory all
	@CC="$(CC)" CFLAGS="$(CFLAGS)" tests/bench/run $(BUILD)

# Generated files with random defects, more of them than in check: FILES from SEED on.
FILES ?= 300
SEED  ?= 1
.PHONY: property
property: deps
	@$(MAKE) --no-print-directory all
	@tests/property/run $(BUILD) $(FILES) $(SEED)

# Years of amendment cases beside the reference model, from SEED on; check runs one.
YEARS ?= 10
.PHONY: cases
cases: deps
	@$(MAKE) --no-print-directory all
	@for seed in $$(seq $(SEED) $$(($(SEED) + $(YEARS) - 1))); do tests/amend/run $(BUILD) 200 $$seed || exit 1; done

# The careers of PEOPLE in three provinces beside a second computation, by exact
# fractions, in every item to the fen: a quarter of an hour; check has some of them.
PEOPLE ?= 100000
.PHONY: benefits
benefits: deps
	@$(MAKE) --no-print-directory all
	@tests/benefit/run $(BUILD) $(PEOPLE) $(SEED)

# What is found of a store that was changed behind the tools' back: one change at a time,
# some two thousand of them, a quarter of an hour; `check` has a part of it.
.PHONY: tamper
tamper: deps
	@$(MAKE) --no-print-directory all
	@tests/tamper/run $(BUILD) tests/tamper/TABLE

# What the compilers and checkers say beyond `check`: nothing, or it fails.
lint:
	@mkdir -p $(BUILD)/lint
	$(MAKE) --no-print-directory BUILD=$(BUILD)/lint/gcc CFLAGS="-O2 -Werror" all
	if command -v clang >/dev/null; then $(MAKE) --no-print-directory BUILD=$(BUILD)/lint/clang CC=clang CFLAGS="-O2 -Werror" all; fi
	if command -v cppcheck >/dev/null; then cppcheck --quiet --error-exitcode=1 --enable=warning,portability --inline-suppr -Ilib -I$(gen) lib cmd; fi
	shellcheck $$(tests/structure/scripts)

# ------------------------------------------------------------ packages --

# Installs what is missing, and only then; says the names where there is no apt.
.PHONY: deps
deps:
	@missing=; for p in $(BUILD_PACKAGES) $(CHECK_PACKAGES); do \
	    dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
	done; \
	if test -z "$$missing"; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then echo "These packages are needed (Debian's names):$$missing" >&2; exit 1; fi; \
	sudo=; test "$$(id -u)" = 0 || sudo=sudo; \
	echo "installing:$$missing"; \
	export DEBIAN_FRONTEND=noninteractive; \
	$$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null 2>&1 || \
	{ $$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; }

# ------------------------------------------------------------ install --

bindir   := $(DESTDIR)$(PREFIX)/bin
libdir   := $(DESTDIR)$(PREFIX)/lib
incdir   := $(DESTDIR)$(PREFIX)/include
sharedir := $(DESTDIR)$(PREFIX)/share/pen
mandir   := $(DESTDIR)$(PREFIX)/share/man
compdir  := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
localedir := $(DESTDIR)$(PREFIX)/share/locale
share_files := $(shell cd share && find schema forms rules params examples -type f)
man_files   := $(shell cd man && find . -name '*.[157]')

.PHONY: install uninstall
install: all
	install -d $(bindir) $(libdir)/pkgconfig $(incdir) $(compdir)
	install -m 755 $(tools:%=$(BUILD)/bin/%) $(bindir)
	install -m 755 $(BUILD)/lib/$(soname) $(libdir)
	ln -sf $(soname) $(libdir)/libpen.so
	install -m 644 $(BUILD)/lib/libpen.a $(libdir)
	install -m 644 lib/pen.h $(incdir)
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|; s|@LIBS@|$(libs)|' lib/libpen.pc.in >$(libdir)/pkgconfig/libpen.pc
	for f in $(share_files); do install -D -m $$(test -x share/$$f && echo 755 || echo 644) share/$$f $(sharedir)/$$f; done
	for l in $(languages); do install -D -m 644 $(BUILD)/share/locale/$$l/LC_MESSAGES/pen.mo $(localedir)/$$l/LC_MESSAGES/pen.mo; done
	for f in $(man_files); do install -D -m 644 man/$$f $(mandir)/$$f; done
	for t in $(tools); do $(BUILD)/bin/$$t --completion bash >$(compdir)/$$t; done

uninstall:
	rm -f $(tools:%=$(bindir)/%) $(libdir)/$(soname) $(libdir)/libpen.so $(libdir)/libpen.a
	rm -f $(incdir)/pen.h $(libdir)/pkgconfig/libpen.pc $(man_files:%=$(mandir)/%) $(tools:%=$(compdir)/%)
	rm -f $(languages:%=$(localedir)/%/LC_MESSAGES/pen.mo)
	rm -rf $(sharedir)

.PHONY: clean help
clean:
	rm -rf $(BUILD)

help:
	@echo 'make            build the library and the tools in $(BUILD)/'
	@echo 'make demo       run a year of an agency on share/examples'
	@echo 'make check      run every test; ends in "N passed, N failed"'
	@echo 'make property   import FILES ($(FILES)) generated files with random defects from SEED on'
	@echo 'make cases      YEARS ($(YEARS)) of amendment cases beside a reference model, from SEED on'
	@echo 'make benefits   careers of PEOPLE ($(PEOPLE)) beside a second computation, to the fen, from SEED'
	@echo 'make tamper     change every column of a store, and write what is found to tests/tamper/TABLE'
	@echo 'make fault      let every write, sync and allocation of every command fail; tests/fault/TABLE'
	@echo 'make fuzz       fuzz every reader for FUZZ_SECONDS ($(FUZZ_SECONDS)) with libFuzzer'
	@echo 'make coverage   lines and branches that the tests reach, by floor (SUITES="units": of some)'
	@echo 'make soak       everything at once on one store for SOAK_SECONDS ($(SOAK_SECONDS)); then it verifies'
	@echo 'make asan       build under AddressSanitizer and UBSan'
	@echo 'make asan-check every unit and command test under them'
	@echo 'make pages      make the manual pages that are made from the program'
	@echo 'make lint       compile without a warning under gcc and clang, and check'
	@echo 'make schemas    hold the forms against the npm package tableschema'
	@echo 'make bench      speed, side by side with other programs (PEN_BENCH=import: one part)'
	@echo 'make deps       install the Debian packages that are missing'
	@echo 'make install    to PREFIX ($(PREFIX)) below DESTDIR; make uninstall takes it away'
	@echo 'make clean      remove $(BUILD)/'

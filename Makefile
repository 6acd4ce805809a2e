# dynos. `make help` lists the targets; each first links V8's headers into the tree, so that plain go commands work after any of them.

GO      ?= go
PORT    ?= 8787
ARGS    ?=
BENCH   ?= .
SECONDS ?= 5

# Packages where goroutines meet; `make test RACE=` leaves the race detector out.
RACE ?= $(addsuffix /...,$(addprefix ./,$(wildcard isolate loader bindings)))

# What SQLite has on the platform, too.
export GOFLAGS += -tags=sqlite_fts5,sqlite_math_functions

# lld links the 40 MB of V8 twice as fast as the default linker. -w drops debug data and keeps the symbols that profilers read.
LLD        := $(shell command -v ld.lld)
FASTLINK   := $(if $(LLD),-extldflags=-fuse-ld=lld)
LINK       := -ldflags='-w $(FASTLINK)'
TESTLINK   := $(if $(LLD),-ldflags=$(FASTLINK))
ENGINE     := isolate/internal/engine
V8_MODULE  := rogchap.com/v8go
CXX_FILES   = $(wildcard $(ENGINE)/*.cc $(ENGINE)/*.c $(ENGINE)/*.h)

.DEFAULT_GOAL := build

.PHONY: build
build: link ## build bin/dynos
	$(GO) build $(LINK) -o bin/dynos ./cmd/dynos

.PHONY: run
run: build ## build, and serve testdata/demo on http://localhost:8787 (PORT=8787)
	bin/dynos serve testdata/demo --port $(PORT) $(ARGS)

.PHONY: test
test: link ## run every test, then once more under the race detector where goroutines meet (RACE= leaves that out)
	$(GO) test $(TESTLINK) -timeout 10m $(ARGS) ./...
	$(if $(strip $(RACE)),$(GO) test $(TESTLINK) -race -timeout 15m $(ARGS) $(RACE))

# A pipe of the plain shell would hide that tests have failed.
.PHONY: wd
wd: SHELL := bash
wd: .SHELLFLAGS := -o pipefail -c
wd: link ## run the fixtures of a checkout of the reference runtime (WORKERD_SRC=DIR) against testdata/wd/expected.jsonc (ARGS=-update writes that)
	@test -d "$(WORKERD_SRC)/src/workerd" || { echo "WORKERD_SRC=DIR names a checkout of github.com/cloudflare/workerd" >&2; exit 1; }
	WORKERD_SRC="$(abspath $(WORKERD_SRC))" $(GO) test $(TESTLINK) -timeout 30m -count 1 -v ./loader/loadertest -run 'TestWorkerd$$' $(ARGS) | grep -v '^ *\(=== \|--- PASS\)'

.PHONY: wpt
wpt: SHELL := bash
wpt: .SHELLFLAGS := -o pipefail -c
wpt: link ## run the suites of a checkout of the Web Platform Tests (WPT=DIR) against testdata/wpt (ARGS=-update writes that, ARGS='-files REGEXP -v' looks at some)
	@test -f "$(WPT)/resources/testharness.js" || { echo "WPT=DIR names a checkout of github.com/web-platform-tests/wpt" >&2; exit 1; }
	WPT="$(abspath $(WPT))" $(GO) test $(TESTLINK) -timeout 30m -count 1 -v ./loader/loadertest/wpt -run 'TestWPT$$' $(ARGS) | grep -v '^ *\(=== \|--- PASS\)'

.PHONY: bench
bench: link ## run the benchmarks (BENCH=pattern)
	$(GO) test $(TESTLINK) -run '^$$' -bench '$(BENCH)' -benchmem $(ARGS) ./bench/...

.PHONY: bench-peers
bench-peers: build ## load dynos and the reference runtime (DYNOS_REFERENCE) with the same worker, side by side
	$(GO) run ./bench/compare --seconds $(SECONDS) $(ARGS)

.PHONY: bench-snippets
bench-snippets: build ## time pieces of the Web platform on dynos, the reference runtime (DYNOS_REFERENCE), Node (DYNOS_NODE) and Deno (DYNOS_DENO)
	$(GO) run ./bench/compare --snippets --worker bench/snippets --seconds $(SECONDS) $(ARGS)

.PHONY: lint
lint: link ## gofmt, go vet, staticcheck, clang-format
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$unformatted" ]; then echo "not formatted by gofmt:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	@if command -v clang-format >/dev/null; then echo "clang-format $(ENGINE)"; clang-format --dry-run -Werror $(filter-out %_gen.h,$(CXX_FILES)); \
	else echo "clang-format is not installed: C++ not checked"; fi

.PHONY: format
format: ## gofmt and clang-format every file
	gofmt -w $$(git ls-files '*.go')
	clang-format -i $(filter-out %_gen.h,$(CXX_FILES))

.PHONY: generate
generate: ## write the generated files again
	$(GO) generate ./isolate/ops

.PHONY: cxxflags
cxxflags: ## print the line that a program needs in its environment to embed dynos as a module
	@$(GO) mod download $(V8_MODULE)
	@echo "export CGO_CXXFLAGS=\"-O2 -g -I$$($(GO) list -m -f '{{.Dir}}' $(V8_MODULE))/deps/include\""

.PHONY: clean
clean: ## remove what make made
	rm -rf bin $(ENGINE)/v8include

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | sort | expand -t 14

# The headers stay in the module cache. A link that already points there is left alone: a new one would rebuild the engine.
.PHONY: link
link:
	@command -v $(firstword $(GO)) >/dev/null || { echo "Go is not installed: see https://go.dev/dl/" >&2; exit 1; }
	@cxx=$$($(GO) env CXX); command -v $${cxx%% *} >/dev/null || { echo "no C++ compiler ($$cxx): install g++ or clang++, or set CXX" >&2; exit 1; }
	@dir=$$($(GO) list -m -f '{{.Dir}}' $(V8_MODULE)); \
	if [ -z "$$dir" ]; then $(GO) mod download $(V8_MODULE) && dir=$$($(GO) list -m -f '{{.Dir}}' $(V8_MODULE)); fi; \
	if [ ! -e "$$dir/deps/include/v8.h" ]; then echo "V8's headers are not in module $(V8_MODULE) ($$dir): see the replace line of go.mod" >&2; exit 1; fi; \
	if [ "$$(readlink $(ENGINE)/v8include)" != "$$dir/deps/include" ]; then ln -sfn "$$dir/deps/include" $(ENGINE)/v8include; fi

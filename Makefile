# What there is: `make` alone lists it. Everything is kept below .hocba and .build.

.DEFAULT_GOAL := help
SHELL := /bin/sh

# One build serves demo and tests; `make image` and `make bench` build for release.
CONFIGURATION ?= debug
BIN = $(CURDIR)/.build/$(CONFIGURATION)
STATE = $(CURDIR)/.hocba
SECONDS ?= 3600
SEED ?=
DOCS ?= .hocba/docs
DISTRICT ?= deploy/demo/district
OUT ?= .hocba/out
# To the shell as they are: a folder's name may have spaces and quotes in it.
export DISTRICT OUT

.PHONY: help packages build demo stop clean test fuzz sanitize lint format generate bench docs image

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

packages:
	@sh deploy/scripts/packages.sh build run

build: packages ## build every program
	swift build -c $(CONFIGURATION)

demo: build ## from workbooks to sealed transcripts, before your eyes (DISTRICT=folder OUT=folder)
	@sh deploy/scripts/demo.sh '$(BIN)' '$(STATE)' "$$DISTRICT" "$$OUT"

stop: ## stop the services and every PostgreSQL of demo, tests and bench
	@for each in '$(STATE)' '$(STATE)/bench'; do \
	  sh deploy/scripts/services.sh stop '$(BIN)' "$$each" && \
	  sh deploy/scripts/postgres.sh stop "$$each/postgres"; done
	@sh deploy/scripts/postgres.sh stop '$(STATE)/test-postgres'

clean: stop ## stop, and remove all that was made: databases, keys, builds
	@for each in postgres bench/postgres test-postgres; do \
	  sh deploy/scripts/postgres.sh clean '$(STATE)'/$$each; done
	rm -rf '$(STATE)' .build .build-thread .build-address

test: packages lint ## every check and every test
	@sh deploy/scripts/test.sh '$(STATE)'

fuzz: packages ## broken and hostile peers, without end in sight (SECONDS=3600 SEED=number)
	@HOCBA_FUZZ_SECONDS=$(SECONDS) HOCBA_FUZZ_SEED=$(SEED) \
	  sh deploy/scripts/test.sh '$(STATE)' --filter FuzzTests

sanitize: packages ## the tests under the thread and the address sanitizer, each with its own build
	@sh deploy/scripts/packages.sh test
	@sh deploy/scripts/sanitize.sh '$(STATE)'

lint: ## format, proto and shell checks
	@sh deploy/scripts/packages.sh test
	@sh deploy/scripts/lint.sh '$(STATE)'

format: ## format the hand-written Swift
	@sh deploy/scripts/lint.sh --format

generate: packages ## make Sources/API and Sources/CAPI from proto
	@sh deploy/scripts/generate.sh

bench: packages ## measure, each figure beside its reference (ONLY=product,unary,… FULL=1)
	@sh deploy/scripts/bench.sh '$(STATE)'

docs: packages ## the documentation of the gRPC runtime as a web site (DOCS=folder)
	@sh deploy/scripts/docs.sh "$(DOCS)"

image: ## the container image
	docker compose build

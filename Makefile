# What a person types. Each target does its whole set-up: it looks for what it needs, installs what is missing by
# apt-get where it may, and otherwise says exactly what to install. Settings are given as variables:
#   make demo DATA_DIR=/srv/tenantry
#   make test TESTS='test(backup)'

.DEFAULT_GOAL := help
.PHONY: help demo run test lint bench soak fuzz generate assets

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Bring up PostgreSQL, the schema and a sample agency, and keep running
	@scripts/run up --demo

run: ## Bring up PostgreSQL and the schema, without the sample agency
	@scripts/run up

test: ## Run every test against a throwaway PostgreSQL
	@scripts/test

generate: ## Write schema.sql, docs/DATABASE.md, docs/TEXTS.md, types/database.ts and openapi.json anew
	@TENANTRY_UPDATE=1 TESTS='test(/^generated::/)' scripts/test

assets: ## Make what the console sends to browsers (every target that builds does it, too)
	@scripts/need assets

lint: ## Check format, clippy, licences of dependencies, and migrations
	@scripts/lint

bench: ## Measure and print: first start, later starts, and what else bench/ holds
	@scripts/bench

soak: ## Kill a migration at 100 random moments (SOAK_RUNS) and see that the next one finishes the job
	@scripts/soak

fuzz: ## Send what nobody thought of by the OpenAPI document (FUZZ_EXAMPLES per operation, FUZZ_SEED)
	@scripts/fuzz

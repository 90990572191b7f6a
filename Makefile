# make          convert everything in scans/ into output/ (make -j4: four pages at once)
# make status   how that stands, while it runs or later       make retry    what failed, again
# make report   output/report.html: how good it came out
# make test     run the tests        make check   style, types and the house's layers
# make bench    convert and score the pages of BENCH, which lie beside their truth, and
#               time born-digital pages (make bench OCR=1: scanned ones, too)
# make clean    empty output/        make distclean   also remove .venv

SCANS ?= scans
OUTPUT ?= output
BENCH ?= $(SCANS)
VENV ?= .venv
PYTHON ?= python3
ARGS ?=
OCR ?=

BIN = $(VENV)/bin

.PHONY: all convert status retry report test check bench clean distclean
all: convert

# One process converts all pages and shares them out itself, so that -j is handed on to
# it: GNU make 3.81 tells a recipe only that there is a -j, later ones how many.
JOBS = $(patsubst -j%,%,$(filter -j%,$(MAKEFLAGS)))

convert: $(VENV)/.ready
	@n="$(firstword $(JOBS))"; case "$$n" in ''|*[!0-9]*) n= ;; esac; \
	$(BIN)/epaper convert "$(SCANS)" -o "$(OUTPUT)" $${n:+-j "$$n"} $(ARGS)

status retry report: $(VENV)/.ready
	$(BIN)/epaper $@ "$(OUTPUT)" $(ARGS)

test: $(VENV)/.ready-dev
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.ready-dev
	$(BIN)/ruff check epaper tests
	$(BIN)/ruff format --check epaper tests
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready-dev
	$(BIN)/epaper convert "$(BENCH)" -o "$(OUTPUT)/bench" --force -j1 \
	    --log-json "$(OUTPUT)/bench/log.jsonl" $(ARGS)
	$(BIN)/epaper evaluate "$(BENCH)" "$(OUTPUT)/bench"
	$(BIN)/python -m tests.bench.born_digital "$(BENCH)"
ifneq ($(OCR),)
	$(BIN)/python -m tests.bench.ocr
endif

clean:
	find "$(OUTPUT)" -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +

distclean: clean
	rm -rf "$(VENV)"

$(VENV)/.ready: pyproject.toml | $(VENV)/bin/python
	@echo "Installing epaper into $(VENV); this takes some minutes the first time."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e . || { \
	    echo "make: pip could not install epaper; its message stands above." >&2; exit 3; }
	@# Else each run compiles it anew where Python is told to keep nothing of the kind.
	@$(BIN)/python -m compileall -q epaper
	@$(BIN)/python -m epaper doctor --brief
	@touch "$@"

# iiif-prezi3 asks for an older Pillow than pdfplumber, for a part that the tests leave alone.
$(VENV)/.ready-dev: $(VENV)/.ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]' && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps 'iiif-prezi3>=2' || { \
	    echo "make: pip could not install the test tools; its message stands above." >&2; exit 3; }
	@touch "$@"

$(VENV)/bin/python:
	@for p in "$(PYTHON)" python3 python3.14 python3.13 python3.12 python3.11; do \
	    if "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        "$$p" -m venv "$(VENV)" || { \
	            rm -rf "$(VENV)"; \
	            echo "make: $$p cannot make a virtual environment (Debian, Ubuntu: apt-get install python3-venv)." >&2; \
	            exit 3; }; \
	        exit 0; \
	    fi; \
	done; \
	echo "make: Python 3.11 or newer is needed and was not found; name yours with make PYTHON=/path/to/python3." >&2; \
	exit 3

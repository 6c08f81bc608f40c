# In an exercise's folder: `make check`, `make hint`, ... for that exercise.
%:
	@$(MAKE) --no-print-directory -C ../.. $@ EX="$$(basename "$$(pwd -P)")"

.DEFAULT_GOAL := check
.PHONY: check
check:
	@$(MAKE) --no-print-directory -C ../.. check EX="$$(basename "$$(pwd -P)")"

Makefile: ;

# In an exercise's folder: `make check`, `make hint`, ... for that exercise.
%:
	@$(MAKE) --no-print-directory -C ../.. $@ EX=$(notdir $(CURDIR))

.DEFAULT_GOAL := check
.PHONY: check
check:
	@$(MAKE) --no-print-directory -C ../.. check EX=$(notdir $(CURDIR))

Makefile: ;

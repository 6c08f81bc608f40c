# In an exercise's folder: `make check`, `make hint`, ... for that exercise. It is
# included, not linked to: archives and some systems have no symbolic links.
%:
	@$(MAKE) --no-print-directory -C ../.. $@ EX="$$(basename "$$(pwd -P)")"

.DEFAULT_GOAL := check
.PHONY: check
check:
	@$(MAKE) --no-print-directory -C ../.. check EX="$$(basename "$$(pwd -P)")"

Makefile ../exercise.mk: ;

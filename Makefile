# The learner's whole interface. `make` alone says what there is.
#
# Nothing but these rules and scripts/ is needed outside; what compiles runs in
# the workbench, where this same file is read again with INSIDE=1.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Which exercise: a number, a name or a part of one; for some targets `all`.
EX ?=

ifndef INSIDE
# ---- outside: one line a target -----------------------------------------

EXPORTED := EX PROGRAM SEED CC N THEME
export $(EXPORTED)

.PHONY: help up down status logs check run watch hint solution reset list \
	shell classmates slides present verify test bench clean build

help:
	@scripts/learner/help

up:
	@scripts/room/cluster up && scripts/room/services up

down:
	@scripts/room/cluster down

status:
	@scripts/room/cluster status

logs:
	@scripts/room/cluster logs

check:
	@scripts/learner/check $(EX)

# ARGS stands unquoted, so that the shell splits and unquotes it.
run:
	@scripts/learner/run '$(EX)' $(ARGS)

watch:
	@scripts/learner/watch $(EX)

hint:
	@scripts/learner/hint $(EX)

solution:
	@scripts/learner/solution $(EX)

reset:
	@scripts/learner/reset $(EX)

list:
	@scripts/learner/list

shell:
	@scripts/learner/shell

classmates:
	@scripts/room/services classmates '$(N)'

slides:
	@scripts/author/slides build

present:
	@scripts/author/slides present $(DECK)

verify:
	@scripts/author/verify $(EX)

test:
	@scripts/author/test

bench:
	@scripts/author/bench

# All that can be compiled, and compile_commands.json for editors.
build:
	@scripts/workbench/enter $(MAKE) INSIDE=1 all
	@scripts/author/compile-commands >compile_commands.json

clean:
	rm -rf build compile_commands.json

else
# ---- inside the workbench: what is compiled from what -------------------

# Where results go; `make verify` has folders of its own.
BUILD ?= build
CC := $(if $(filter default,$(origin CC)),gcc,$(or $(CC),gcc))

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes $(WERROR)
SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
PROGRAM_FLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L -g -Iexercises \
	$(WARNINGS) $(SANITIZERS)
# The room's own programs shall start quickly; its tests add the sanitizers.
ROOM_FLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L -g -O1 $(WARNINGS) \
	$(if $(SANITIZED),$(SANITIZERS))
KIT_FLAGS := -std=c11 -g -O1 -D_GNU_SOURCE -I. $(WARNINGS)

PROGRAM_LIBS := $(shell pkg-config --libs libnats libcjson)
KIT_LIBS := $(PROGRAM_LIBS) $(shell pkg-config --libs criterion)

EXERCISES := $(notdir $(wildcard exercises/[0-9]*))
# 04_lottery -> lottery
program = $(patsubst %.c,%,$(notdir $(firstword \
	$(filter-out %/check.c,$(wildcard exercises/$(1)/*.c)))))
PROGRAMS := $(foreach e,$(EXERCISES),$(if $(call program,$(e)),\
	$(BUILD)/$(e)/$(call program,$(e))))
CHECKS := $(EXERCISES:%=$(BUILD)/%/check)
ROOM := $(addprefix $(BUILD)/room/,guestbook classmates keeper)

.PHONY: all programs checks guestbook
all: programs checks $(ROOM)
programs: $(PROGRAMS)
checks: $(CHECKS)

# A learner's program is one file.
define program_rule
$(BUILD)/$(1)/$(2): exercises/$(1)/$(2).c
	@mkdir -p $$(@D)
	@$$(CC) $$(PROGRAM_FLAGS) -MMD -MP $$< -o $$@ $$(PROGRAM_LIBS)
endef
$(foreach e,$(EXERCISES),$(if $(call program,$(e)),$(eval \
	$(call program_rule,$(e),$(call program,$(e))))))

# The same for any file: make INSIDE=1 one SOURCE=mine.c TARGET=build/mine
.PHONY: one
one:
	@mkdir -p $(dir $(TARGET))
	@$(CC) $(PROGRAM_FLAGS) $(EXTRA_FLAGS) $(SOURCE) -o $(TARGET) $(PROGRAM_LIBS)

KIT_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard kit/*/*.c))

$(BUILD)/kit/%.o: kit/%.c
	@mkdir -p $(@D)
	@$(CC) $(KIT_FLAGS) -MMD -MP -c $< -o $@

$(BUILD)/libkit.a: $(KIT_OBJECTS)
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/%/check: exercises/%/check.c $(BUILD)/libkit.a
	@mkdir -p $(@D)
	@$(CC) $(KIT_FLAGS) -MMD -MP $< $(BUILD)/libkit.a -o $@ $(KIT_LIBS)

# Checks and programs that the kit's own tests need.
$(BUILD)/tests/%/check: tests/checks/%.c $(BUILD)/libkit.a
	@mkdir -p $(@D)
	@$(CC) $(KIT_FLAGS) -MMD -MP $< $(BUILD)/libkit.a -o $@ $(KIT_LIBS)

$(BUILD)/tests/%: tests/programs/%.c
	@mkdir -p $(@D)
	@$(CC) $(PROGRAM_FLAGS) -MMD -MP $< -o $@ $(PROGRAM_LIBS)

# The room's programs may be several files each: what a name starts with.
$(BUILD)/room/%.o: room/%.c
	@mkdir -p $(@D)
	@$(CC) $(ROOM_FLAGS) -I. -MMD -MP -c $< -o $@

$(BUILD)/room/guestbook: $(BUILD)/room/guestbook.o $(BUILD)/room/book.o
	@$(CC) $(ROOM_FLAGS) $^ -o $@ $(PROGRAM_LIBS)

$(BUILD)/room/classmates: $(BUILD)/room/classmates.o
	@$(CC) $(ROOM_FLAGS) $^ -o $@ $(PROGRAM_LIBS)

$(BUILD)/room/keeper: $(addprefix $(BUILD)/room/,keeper.o keeper_serve.o keeper_services.o)
	@$(CC) $(ROOM_FLAGS) $^ -o $@

# What the service `room` of docker-compose.yml runs.
guestbook: $(BUILD)/room/guestbook
	@exec $(BUILD)/room/guestbook

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/kit/*/*.d)
endif

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

# What was given is data: neither make nor a shell looks into it.
GIVEN := EX FILE PROGRAM SEED N THEME NAME NUMBER KIND
$(foreach g,$(GIVEN),$(eval override $(g) := $$(value $(g))))
export $(GIVEN)

# What changes how shells and their tools behave is not for scripts.
unexport BASH_ENV CDPATH ENV GREP_OPTIONS LD_PRELOAD POSIXLY_CORRECT

TARGETS := help up down status logs check run watch hint solution reset list \
	update shell classmates slides present verify new test bench clean build
.PHONY: $(TARGETS)

# `make check 04`, `make check ex=04`: a slip must not check something else.
LETTERS := a b c d e f g h i j k l m n o p q r s t u v w x y z
small = $(strip $(foreach l,$(LETTERS),$(findstring $(l),$(1))))
SLIPS := $(foreach v,$(.VARIABLES),$(if $(findstring command,$(origin $(v))),\
	$(if $(call small,$(v)),$(v)=)))
SLIPS += $(filter-out $(TARGETS),$(MAKECMDGOALS))
ifneq ($(strip $(SLIPS)),)
$(error what is $(strip $(SLIPS))? An exercise is EX=04 or EX=lottery; `make` shows it all)
endif

help:
	@exec scripts/learner/help

up:
	@scripts/room/cluster up && scripts/room/services up

down:
	@exec scripts/room/cluster down

status:
	@exec scripts/room/cluster status

logs:
	@exec scripts/room/cluster logs

check:
	@exec scripts/learner/check "$$EX"

# exec, here and elsewhere: what ends make is for the command, not for a shell.
# ARGS stands unquoted, so that the shell splits and unquotes it.
run:
	@exec scripts/learner/run "$$EX" $(ARGS)

watch:
	@exec scripts/learner/watch "$$EX"

hint:
	@exec scripts/learner/hint "$$EX"

solution:
	@exec scripts/learner/solution "$$EX"

reset:
	@exec scripts/learner/reset "$$EX"

list:
	@exec scripts/learner/list

update:
	@exec scripts/learner/update

shell:
	@exec scripts/learner/shell

classmates:
	@exec scripts/room/services classmates '$(N)'

slides:
	@exec scripts/author/slides build

present:
	@exec scripts/author/slides present $(DECK)

verify:
	@exec scripts/author/verify "$$EX"

new:
	@exec scripts/author/new

test:
	@exec scripts/author/test

bench:
	@exec scripts/author/bench

# All that can be compiled, and compile_commands.json for editors.
build:
	@exec scripts/workbench/enter $(MAKE) INSIDE=1 all
	@exec scripts/author/compile-commands >compile_commands.json

clean:
	rm -rf build compile_commands.json

else
# ---- inside the workbench: what is compiled from what -------------------

# Where results go; `make verify` has folders of its own.
BUILD ?= build
CC := gcc

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes $(WERROR)
SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
PROGRAM_FLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -g -Iexercises $(WARNINGS) \
	$(SANITIZERS)
# The room's own programs shall start quickly; its tests add the sanitizers.
ROOM_FLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L -g -O1 $(WARNINGS) \
	$(if $(SANITIZED),$(SANITIZERS))
KIT_FLAGS := -std=c11 -g -O1 -D_GNU_SOURCE -I. $(WARNINGS) \
	$(if $(SANITIZED),$(SANITIZERS))

PROGRAM_LIBS := $(shell pkg-config --libs libnats libcjson libcrypto)
KIT_LIBS := $(PROGRAM_LIBS) $(shell pkg-config --libs criterion)

EXERCISES := $(notdir $(wildcard exercises/[0-9]*))
# The programs to write in an exercise are those of its solution:
# 04_lottery -> 04_lottery/lottery
PROGRAMS := $(patsubst solutions/%.c,%,$(wildcard $(EXERCISES:%=solutions/%/*.c)))
CHECKS := $(EXERCISES:%=$(BUILD)/%/check)
ROOM := $(addprefix $(BUILD)/room/,guestbook classmates keeper)

.PHONY: all programs checks guestbook
all: programs checks $(ROOM)
programs: $(PROGRAMS:%=$(BUILD)/%)
checks: $(CHECKS)

# Each is one file. It takes its place in one step: what another check is about
# to start is never half written.
define compile_program
@mkdir -p $(@D)
@$(CC) $(PROGRAM_FLAGS) -MMD -MP -MF $@.d -MT $@ $< \
	-o $@.$$$$ $(PROGRAM_LIBS) && mv $@.$$$$ $@ || { rm -f $@.$$$$; exit 1; }
endef

$(PROGRAMS:%=$(BUILD)/%): $(BUILD)/%: exercises/%.c
	$(compile_program)

# For whole fleets, and to look at memory: without sanitizers, build/NN_name/plain/NAME.
define plain_rule
$(BUILD)/$(dir $(1))plain/$(notdir $(1)): exercises/$(1).c
	$$(compile_program)
$(BUILD)/$(dir $(1))plain/$(notdir $(1)): SANITIZERS := -O1
endef
$(foreach p,$(PROGRAMS),$(eval $(call plain_rule,$(p))))

# The same for any file: make INSIDE=1 one SOURCE=mine.c TARGET=build/mine
.PHONY: one
one:
	@mkdir -p $(dir $(TARGET))
	@$(CC) $(PROGRAM_FLAGS) $(EXTRA_FLAGS) $(SOURCE) -o $(TARGET) $(PROGRAM_LIBS)

# For editors: scripts/author/compile-commands.
.PHONY: flags
flags:
	@echo 'program $(PROGRAM_FLAGS)'
	@echo 'kit $(KIT_FLAGS)'
	@echo 'room $(ROOM_FLAGS) -I.'

KIT_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard kit/*/*.c))

$(BUILD)/kit/%.o: kit/%.c
	@mkdir -p $(@D)
	@$(CC) $(KIT_FLAGS) -MMD -MP -c $< -o $@

$(BUILD)/libkit.a: $(KIT_OBJECTS)
	@rm -f $@
	@$(AR) rcs $@ $^

# Unit tests have Criterion's own main, so they go without kit/run.
$(BUILD)/units: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/units/*.c)) \
		$(filter-out $(BUILD)/kit/run/%,$(KIT_OBJECTS))
	@$(CC) $(KIT_FLAGS) $^ -o $@ $(KIT_LIBS)

$(BUILD)/tests/units/%.o: tests/units/%.c
	@mkdir -p $(@D)
	@$(CC) $(KIT_FLAGS) -MMD -MP -c $< -o $@

# KIT_MAIN: a file with another main, and what it is compiled with.
$(BUILD)/%/check: exercises/%/check.c $(BUILD)/libkit.a
	@mkdir -p $(@D)
	@$(CC) $(KIT_FLAGS) -MMD -MP $< $(KIT_MAIN) $(BUILD)/libkit.a -o $@ \
		$(KIT_LIBS)

# Checks and programs that the kit's own tests need.
$(BUILD)/tests/%/check: tests/checks/%.c $(BUILD)/libkit.a
	@mkdir -p $(@D)
	@$(CC) $(KIT_FLAGS) -MMD -MP $< $(KIT_MAIN) $(BUILD)/libkit.a -o $@ \
		$(KIT_LIBS)

$(BUILD)/tests/%: tests/programs/%.c
	@mkdir -p $(@D)
	@$(CC) $(PROGRAM_FLAGS) -MMD -MP $< -o $@ $(PROGRAM_LIBS)

# The room's programs may be several files each: what a name starts with.
$(BUILD)/room/%.o: room/%.c
	@mkdir -p $(@D)
	@$(CC) $(ROOM_FLAGS) -I. -MMD -MP -c $< -o $@

$(BUILD)/room/guestbook: $(BUILD)/room/guestbook.o $(BUILD)/room/book.o
	@$(CC) $(ROOM_FLAGS) $^ -o $@ $(PROGRAM_LIBS)

$(BUILD)/room/classmates: $(BUILD)/room/classmates.o $(BUILD)/room/likes.o
	@$(CC) $(ROOM_FLAGS) $^ -o $@ $(PROGRAM_LIBS)

$(BUILD)/room/keeper: $(addprefix $(BUILD)/room/,keeper.o keeper_serve.o keeper_services.o)
	@$(CC) $(ROOM_FLAGS) $^ -o $@

# What the service `room` of docker-compose.yml runs.
guestbook: $(BUILD)/room/guestbook
	@exec $(BUILD)/room/guestbook

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d)
endif

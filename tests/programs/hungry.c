/* For tests/kinds: hungry MIB [wait]: has so much memory for a moment, then
 * ends, or waits to be stopped. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    sigset_t stop;
    int signal;

    if (argc < 2)
        return 2;

    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, NULL);

    size_t size = strtoul(argv[1], NULL, 10) * 1024 * 1024;
    char *memory = malloc(size + 1);
    if (memory == NULL)
        return 1;
    memset(memory, 1, size);
    memory[size] = '\0';
    printf("fed %zu\n", strlen(memory)); /* so that it is not left out */
    fflush(stdout);
    free(memory);

    return argc == 2 || sigwait(&stop, &signal) == 0 ? 0 : 1;
}

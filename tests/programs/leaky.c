/* Loses some memory. */
#include <stdio.h>
#include <stdlib.h>

static void lose(size_t size)
{
    char *lost = malloc(size);

    if (lost != NULL)
        lost[0] = 'x';
    printf("%p\n", (void *)lost);
}

int main(void)
{
    lose(1234);
    return EXIT_SUCCESS;
}

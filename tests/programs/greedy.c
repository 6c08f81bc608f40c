/* Uses a gigabyte. */
#include <stdlib.h>
#include <string.h>

int main(void)
{
    size_t size = (size_t)1 << 30;
    char *memory = malloc(size);

    if (memory == NULL)
        return EXIT_FAILURE;
    memset(memory, 1, size);
    int last = memory[size - 1];
    free(memory);
    return last - 1;
}

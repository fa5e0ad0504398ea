/*
 * replay FILE…: a fuzzer without libFuzzer, so that any compiler can build it: each file
 * as it is, cut at every length (of long ones, at some), and with bytes changed by a fixed
 * sequence, the same in every run. Says how many inputs that were.
 */
#include "fuzz.h"

#include <stdio.h>

#define LONGEST (1 << 20)
#define CUTS 512
#define CHANGES 512

static unsigned char bytes[LONGEST];

static uint32_t draw(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33);
}

/* From a piece of memory of its own, so that a byte read beyond its end is seen. */
static void give(const unsigned char *s, size_t n, long *given)
{
	unsigned char *copy = malloc(n ? n : 1);

	holds(copy);
	memcpy(copy, s, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
	++*given;
}

static void change(size_t n, long *given)
{
	static const unsigned char telling[] = { '\0', '\n', '\r', '"', ',', ':', '-', '%', ' ', '{', '[', '\\', 0x80, 0xff, '9' };
	static unsigned char other[LONGEST];
	uint64_t state = n;
	int i, j;

	for (i = 0; i < CHANGES && n > 0; i++) {
		memcpy(other, bytes, n);
		for (j = draw(&state) % 4; j >= 0; j--)
			other[draw(&state) % n] = draw(&state) % 2 ? telling[draw(&state) % sizeof(telling)] :
			    (unsigned char)draw(&state);
		give(other, n, given);
	}
}

int main(int argc, char **argv)
{
	long given = 0;
	size_t n, length, step;
	FILE *file;
	int i;

	for (i = 1; i < argc; i++) {
		file = fopen(argv[i], "rb");
		if (!file) {
			perror(argv[i]);
			return 1;
		}
		n = fread(bytes, 1, sizeof(bytes), file);
		fclose(file);
		printf("# %s\n", argv[i]);
		fflush(stdout);
		give(bytes, n, &given);
		step = n / CUTS + 1;
		for (length = 0; length < n; length += step)
			give(bytes, length, &given);
		change(n, &given);
	}
	printf("%ld inputs\n", given);
	return 0;
}

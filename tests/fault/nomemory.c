/*
 * Preloaded: the n-th piece of memory that is asked for is not to be had. PEN_FAULT_MEMORY
 * is "N" or "N+" (that one, or all from it on); 0 counts. Counted is what libpen asks for
 * itself, and with PEN_FAULT_WHO=all what SQLite, OpenSSL and libc ask for as well, from
 * the moment on at which libpen has asked first. Not counted, since it is always to be had,
 * is a piece that fits into the one that the thread has just given back: libcrypto 3.0 does
 * so with each digest that is begun again. PEN_FAULT_LOG is where the number of them is
 * written in the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* glibc's own, by the names under which it gives them to those who stand before it. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t align, size_t size);
void __libc_free(void *old);

static atomic_long seen;
static atomic_bool begun;
static long wanted;
static bool lasting, all;
static uintptr_t from, to;
static _Thread_local size_t given_back;

static int find_libpen(struct dl_phdr_info *info, size_t size, void *unused)
{
	size_t i;

	(void)size;
	(void)unused;
	if (!info->dlpi_name || !strstr(info->dlpi_name, "/libpen.so"))
		return 0;
	for (i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type != PT_LOAD || !(info->dlpi_phdr[i].p_flags & PF_X))
			continue;
		from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
		to = from + info->dlpi_phdr[i].p_memsz;
	}
	return 1;
}

__attribute__((constructor)) static void begin(void)
{
	const char *n = getenv("PEN_FAULT_MEMORY"), *who = getenv("PEN_FAULT_WHO");

	if (!n)
		return;
	wanted = strtol(n, NULL, 10);
	lasting = strchr(n, '+') != NULL;
	all = who && strcmp(who, "all") == 0;
	dl_iterate_phdr(find_libpen, NULL);
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("PEN_FAULT_LOG");
	char line[64];
	int fd, n;

	fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
	if (fd < 0)
		return;
	n = snprintf(line, sizeof(line), "%ld %d\n", (long)seen, wanted > 0 && seen >= wanted);
	if (write(fd, line, (size_t)n) != n)
		_exit(125);
	close(fd);
}

static bool refuse(const void *caller, size_t size)
{
	bool ours = (uintptr_t)caller >= from && (uintptr_t)caller < to;
	bool at_hand = size <= given_back && size > given_back / 2;
	long n;

	given_back = 0;
	if (!from || at_hand || (!ours && (!all || !begun)))
		return false;
	begun = true;
	n = ++seen;
	if (wanted == 0 || n < wanted || (n > wanted && !lasting))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return refuse(__builtin_return_address(0), size) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return refuse(__builtin_return_address(0), count * size) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return refuse(__builtin_return_address(0), size) ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return refuse(__builtin_return_address(0), size) ? NULL : __libc_memalign(align, size);
}

void free(void *old)
{
	if (old)
		given_back = malloc_usable_size(old);
	__libc_free(old);
}

/*
 * Reading is strict in both alphabets: for each sequence of bytes exactly one
 * base64 text is accepted, and hexadecimal differs in case only. Digests and
 * signatures are compared and kept as text, so a second spelling of the same
 * bytes would be a way to change a file unseen.
 */
#include "base/encode.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";
static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *pen_encode__hex(const void *bytes, size_t n, char *out)
{
	const unsigned char *p = bytes;
	size_t i;

	for (i = 0; i < n; i++) {
		out[2 * i] = hex_digits[p[i] >> 4];
		out[2 * i + 1] = hex_digits[p[i] & 15];
	}
	out[2 * n] = '\0';
	return out;
}

/* The four bits of a digit, -1 for any other byte. */
static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int pen_encode__unhex(const char *hex, void *out, size_t n)
{
	unsigned char *p = out;
	int high, low;
	size_t i;

	/* A text that ends early stops this at its NUL, which is no digit. */
	for (i = 0; i < n; i++) {
		high = nibble(hex[2 * i]);
		if (high < 0)
			return -1;
		low = nibble(hex[2 * i + 1]);
		if (low < 0)
			return -1;
		p[i] = (unsigned char)(high << 4 | low);
	}
	return hex[2 * n] == '\0' ? 0 : -1;
}

size_t pen_encode__base64(const void *bytes, size_t n, char *out)
{
	const unsigned char *p = bytes;
	unsigned group;
	size_t i, used = 0;

	/* Three bytes become four digits; what is missing of the last three
	 * is written as padding. */
	for (i = 0; i < n; i += 3) {
		group = (unsigned)p[i] << 16;
		if (i + 1 < n)
			group |= (unsigned)p[i + 1] << 8;
		if (i + 2 < n)
			group |= p[i + 2];
		out[used++] = base64_digits[group >> 18];
		out[used++] = base64_digits[group >> 12 & 63];
		out[used++] = i + 1 < n ? base64_digits[group >> 6 & 63] : '=';
		out[used++] = i + 2 < n ? base64_digits[group & 63] : '=';
	}
	out[used] = '\0';
	return used;
}

/* The six bits of a digit, -1 for any other byte. */
static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four digits to one to three bytes; how many, or -1. Padding must stand at
 * the end, and the bits that it cuts off must be zero: one text for each
 * sequence of bytes, so that a signature cannot be written in two ways. */
static int quartet(const char *text, unsigned char out[3])
{
	/* Digits before the padding. A '=' anywhere else is met below, as no digit. */
	int have = text[3] != '=' ? 4 : text[2] != '=' ? 3 : 2;
	unsigned group = 0;
	int i, bits;

	for (i = 0; i < 4; i++) {
		bits = i < have ? sextet(text[i]) : 0;
		if (bits < 0)
			return -1;
		group = group << 6 | (unsigned)bits;
	}
	/* 24 bits, of which padding takes the last 8 or 16. */
	if ((have == 3 && (group & 0xff)) || (have == 2 && (group & 0xffff)))
		return -1;
	out[0] = (unsigned char)(group >> 16);
	out[1] = (unsigned char)(group >> 8);
	out[2] = (unsigned char)group;
	return have - 1;
}

int pen_encode__unbase64(const char *text, size_t length, void *out, size_t room, size_t *n)
{
	unsigned char bytes[3], *p = out;
	size_t i, used = 0;
	int count;

	*n = 0;
	/* With padding every group has its four digits. */
	if (length % 4 != 0)
		return -1;
	for (i = 0; i < length; i += 4) {
		count = quartet(text + i, bytes);
		/* Fewer than three bytes end the text. */
		if (count < 0 || (count < 3 && i + 4 < length))
			return -1;
		/* Never a part of a group: what does not fit is refused. */
		if ((size_t)count > room - used)
			return -1;
		memcpy(p + used, bytes, (size_t)count);
		used += (size_t)count;
	}
	*n = used;
	return 0;
}

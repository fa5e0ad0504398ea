#include "adapter/charset.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <iconv.h>
#include <pthread.h>
#include <string.h>

/* What makes a line of a file that is not UTF-8 throughout look like UTF-8 on
 * purpose. By chance, three-byte sequences in GB18030 text are rare, and runs
 * of them rarer: 1 in 30 000 for two in a row, for random characters. */
#define MEANT_BEFORE 2		/* three-byte characters on the lines before */
#define MEANT_AFTER 4		/* ideographs in a row on a later line */

static const char *const names[] = {
	[PEN_UTF8] = "UTF-8",
	[PEN_UTF8_BOM] = "UTF-8 with BOM",
	[PEN_GB18030] = "GB18030",
	[PEN_UTF16LE] = "UTF-16LE with BOM",
	[PEN_UTF16BE] = "UTF-16BE with BOM",
};

const char *pen_charset__name(enum pen_encoding encoding)
{
	assert(encoding >= PEN_UTF8 && encoding <= PEN_UTF16BE);
	return names[encoding];
}

enum pen_encoding pen_charset__named(const char *name)
{
	for (int i = PEN_UTF8; i <= PEN_UTF16BE; i++) {
		if (strcmp(names[i], name) == 0)
			return (enum pen_encoding)i;
	}
	return 0;
}

/* ------------------------------------------------------------ GB18030 -- */

/* Two-byte codes: lead 81 to FE, trail 40 to FE without 7F. Four-byte codes:
 * 81 to FE, 30 to 39, again both; counted through, the first FOURS of them are
 * the rest of the BMP, and from BEYOND on come the supplementary planes. */
#define LEADS 126
#define TRAILS 190
#define FOURS 39420
#define BEYOND 189000
#define SUPPLEMENTARY 0x100000

/* Filled once from iconv, for the process; a decoder then calls nothing.
 * 0 stands for a code that is none. */
static uint32_t two_bytes[LEADS * TRAILS];
static uint32_t four_bytes[FOURS];
static bool tables_made;
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

/* What GB 18030-2022 moved: the two-byte codes left the private use area, and
 * the four-byte codes of the characters that they got took their places there.
 * Decoders disagree on them, so they are written out. */
static const struct { uint16_t code, point; } moved_two[] = {
	{ 0xA6D9, 0xFE10 }, { 0xA6DA, 0xFE12 }, { 0xA6DB, 0xFE11 }, { 0xA6DC, 0xFE13 },
	{ 0xA6DD, 0xFE14 }, { 0xA6DE, 0xFE15 }, { 0xA6DF, 0xFE16 }, { 0xA6EC, 0xFE17 },
	{ 0xA6ED, 0xFE18 }, { 0xA6F3, 0xFE19 }, { 0xFE59, 0x9FB4 }, { 0xFE61, 0x9FB5 },
	{ 0xFE66, 0x9FB6 }, { 0xFE67, 0x9FB7 }, { 0xFE6D, 0x9FB8 }, { 0xFE7E, 0x9FB9 },
	{ 0xFE90, 0x9FBA }, { 0xFEA0, 0x9FBB },
};
static const struct { uint32_t code; uint16_t point; } moved_four[] = {
	{ 0x84318236, 0xE78D }, { 0x84318238, 0xE78F }, { 0x84318237, 0xE78E },
	{ 0x84318239, 0xE790 }, { 0x84318330, 0xE791 }, { 0x84318331, 0xE792 },
	{ 0x84318332, 0xE793 }, { 0x84318333, 0xE794 }, { 0x84318334, 0xE795 },
	{ 0x84318335, 0xE796 }, { 0x82359037, 0xE81E }, { 0x82359038, 0xE826 },
	{ 0x82359039, 0xE82B }, { 0x82359130, 0xE82C }, { 0x82359131, 0xE832 },
	{ 0x82359132, 0xE843 }, { 0x82359133, 0xE854 }, { 0x82359134, 0xE864 },
};

static bool is_lead(unsigned char c)
{
	return c >= 0x81 && c <= 0xFE;
}

static bool is_trail(unsigned char c)
{
	return c >= 0x40 && c <= 0xFE && c != 0x7F;
}

static bool is_digit(unsigned char c)
{
	return c >= 0x30 && c <= 0x39;
}

/* Counted through, row by row, the gap at 7F left out. */
static int two_index(const unsigned char *s)
{
	return (s[0] - 0x81) * TRAILS + s[1] - (s[1] > 0x7F ? 0x41 : 0x40);
}

/* Like a number whose digits have 126, 10, 126 and 10 values. */
static int four_index(const unsigned char *s)
{
	return (((s[0] - 0x81) * 10 + s[1] - 0x30) * LEADS + s[2] - 0x81) * 10 + s[3] - 0x30;
}

static bool four_exists(int index)
{
	return index < FOURS || (index >= BEYOND && index < BEYOND + SUPPLEMENTARY);
}

/* One character through iconv; 0 if it has none. */
static uint32_t ask_iconv(iconv_t converter, const unsigned char *code, size_t n)
{
	unsigned char point[4];
	char *in = (char *)(uintptr_t)code, *out = (char *)point;
	size_t out_n = sizeof point;

	/* Back to the initial state, whatever the code before has left. */
	iconv(converter, NULL, NULL, NULL, NULL);
	/* Good is a code used up entirely that gave exactly one code point. */
	if (iconv(converter, &in, &n, &out, &out_n) != 0 || n || out_n)
		return 0;
	return (uint32_t)point[0] << 24 | (uint32_t)point[1] << 16 | (uint32_t)point[2] << 8 | point[3];
}

/* The way back from the index to the code, for each of them: 63 000 calls, some
 * milliseconds. */
static void ask_all(iconv_t converter)
{
	unsigned char code[4];

	for (int i = 0; i < LEADS * TRAILS; i++) {
		code[0] = (unsigned char)(0x81 + i / TRAILS);
		/* From the 63rd trail on past 7F, which is none. */
		code[1] = (unsigned char)(0x40 + i % TRAILS + (i % TRAILS >= 0x3F));
		two_bytes[i] = ask_iconv(converter, code, 2);
	}
	for (int i = 0; i < FOURS; i++) {
		code[0] = (unsigned char)(0x81 + i / (10 * LEADS * 10));
		code[1] = (unsigned char)(0x30 + i / (10 * LEADS) % 10);
		code[2] = (unsigned char)(0x81 + i / 10 % LEADS);
		code[3] = (unsigned char)(0x30 + i % 10);
		four_bytes[i] = ask_iconv(converter, code, 4);
	}
}

static void make_tables(void)
{
	iconv_t converter = iconv_open("UTF-32BE", "GB18030");
	unsigned char code[4];

	if (converter == (iconv_t)-1)
		return;
	ask_all(converter);
	iconv_close(converter);

	/* Over whatever iconv had there, which may be nothing. */
	for (size_t i = 0; i < sizeof moved_two / sizeof *moved_two; i++) {
		code[0] = (unsigned char)(moved_two[i].code >> 8);
		code[1] = (unsigned char)moved_two[i].code;
		two_bytes[two_index(code)] = moved_two[i].point;
	}
	for (size_t i = 0; i < sizeof moved_four / sizeof *moved_four; i++) {
		for (int j = 0; j < 4; j++)
			code[j] = (unsigned char)(moved_four[i].code >> (24 - 8 * j));
		four_bytes[four_index(code)] = moved_four[i].point;
	}
	tables_made = true;
}

/* The character at s, its length to *used; 0 for bytes that are none. */
static uint32_t gb_point(const unsigned char *s, size_t n, size_t *used)
{
	int index;

	*used = 1;
	if (*s < 0x80)
		return *s;
	/* 80 and FF lead nothing, and no lead stands alone. */
	if (n < 2 || !is_lead(*s))
		return 0;
	if (is_trail(s[1])) {
		*used = 2;
		return two_bytes[two_index(s)];
	}
	if (n < 4 || !is_digit(s[1]) || !is_lead(s[2]) || !is_digit(s[3]))
		return 0;
	*used = 4;
	index = four_index(s);
	if (index < FOURS)
		return four_bytes[index];
	/* From here on codes and code points run side by side. */
	return four_exists(index) ? (uint32_t)(index - BEYOND) + 0x10000 : 0;
}

/* ---------------------------------------------------------- detection -- */

/* UTF-8 a byte at a time: `need` more bytes, the next one from low to high. */
struct utf8_walk { int need; unsigned char low, high; bool three; int32_t point; };

/* GB18030 a byte at a time: the n bytes of a character not yet complete. */
struct gb_walk { unsigned char s[4]; int n; };

/* Invariant: `line` is the line of the next byte. bad_* are the first lines that
 * are not of the encoding, 0 as long as there is none; likewise later_line, the
 * first whole line of meant UTF-8 after bad_utf8. */
struct pen_detector {
	struct utf8_walk utf8;
	struct gb_walk gb;
	long line;
	bool after_cr;
	int looked, mark;	/* the first 3 bytes; how many are the mark's */

	long bad_utf8, bad_gb, later_line;
	int64_t threes_before;	/* three-byte characters on whole lines before bad_utf8 */
	bool line_bad;		/* this line is not UTF-8 */
	int64_t line_threes;	/* three-byte characters on this line */
	int run, longest;	/* ideographs in a row on this line */
};

enum pen_status pen_charset__detector(struct pen_detector **detector, struct pen_error *error)
{
	struct pen_detector *made = pen_memory__calloc(1, sizeof *made);

	if (!made)
		return pen_error__memory(error);
	made->line = 1;
	*detector = made;
	return PEN_OK;
}

long pen_charset__line(const struct pen_detector *detector)
{
	return detector->line;
}

void pen_charset__forget(struct pen_detector *detector)
{
	pen_memory__free(detector);
}

/* A lead byte sets what has to follow: no overlong forms, no surrogates,
 * nothing beyond U+10FFFF. False if it cannot lead. */
static bool utf8_lead(struct utf8_walk *walk, unsigned char c)
{
	*walk = (struct utf8_walk){ .low = 0x80, .high = 0xBF };
	if (c < 0xC2 || c > 0xF4)
		return false;
	walk->need = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
	walk->three = walk->need == 2;
	walk->point = c & (0x3F >> walk->need);
	if (c == 0xE0)
		walk->low = 0xA0;
	else if (c == 0xED)
		walk->high = 0x9F;
	else if (c == 0xF0)
		walk->low = 0x90;
	else if (c == 0xF4)
		walk->high = 0x8F;
	return true;
}

/* The byte is given up, not tried again as the beginning of the next: only that
 * the line is not UTF-8 matters from here on. */
static void utf8_fails(struct pen_detector *detector)
{
	detector->utf8.need = 0;
	detector->line_bad = true;
	if (!detector->bad_utf8)
		detector->bad_utf8 = detector->line;
}

/* One byte further. A finished character is counted for its line. */
static void utf8_step(struct pen_detector *detector, unsigned char c)
{
	struct utf8_walk *walk = &detector->utf8;

	if (!walk->need) {
		if (c < 0x80)
			detector->run = 0;
		else if (!utf8_lead(walk, c))
			utf8_fails(detector);
		return;
	}
	if (c < walk->low || c > walk->high) {
		utf8_fails(detector);
		return;
	}
	/* Only the byte after the lead has limits of its own. */
	walk->point = walk->point << 6 | (c & 0x3F);
	walk->low = 0x80;
	walk->high = 0xBF;
	if (--walk->need)
		return;
	/* Complete. A run goes on over ideographs alone: others come by chance. */
	detector->line_threes += walk->three;
	detector->run = walk->three && walk->point >= 0x4E00 && walk->point <= 0x9FFF ? detector->run + 1 : 0;
	if (detector->run > detector->longest)
		detector->longest = detector->run;
}

/* One byte further. What does not fit is given up, as above. */
static void gb_step(struct pen_detector *detector, unsigned char c)
{
	struct gb_walk *walk = &detector->gb;
	bool fits;

	if (!walk->n && c < 0x80)
		return;
	/* The second byte decides between the two lengths; the whole of a long code
	 * whether there is such a one. */
	walk->s[walk->n++] = c;
	if (walk->n == 1 || walk->n == 3)
		fits = is_lead(c);
	else if (walk->n == 2)
		fits = is_trail(c) || is_digit(c);
	else
		fits = is_digit(c) && four_exists(four_index(walk->s));
	if (!fits && !detector->bad_gb)
		detector->bad_gb = detector->line;
	if (!fits || walk->n == 4 || (walk->n == 2 && is_trail(c)))
		walk->n = 0;
}

/* What the finished line says about the file. */
static void weigh_line(struct pen_detector *detector)
{
	if (!detector->bad_utf8)
		detector->threes_before += detector->line_threes;
	else if (!detector->line_bad && detector->longest >= MEANT_AFTER && !detector->later_line)
		detector->later_line = detector->line;
	detector->line_bad = false;
	detector->line_threes = 0;
	detector->run = 0;
	detector->longest = 0;
}

/* The LF after a CR ends no second line. */
static void end_line(struct pen_detector *detector, unsigned char c)
{
	bool second_half = c == '\n' && detector->after_cr;

	detector->after_cr = c == '\r';
	if (second_half)
		return;
	weigh_line(detector);
	detector->line++;
}

/* The byte order mark may come in pieces. */
static void look_for_mark(struct pen_detector *detector, const unsigned char *s, size_t n)
{
	static const unsigned char mark[] = { 0xEF, 0xBB, 0xBF };

	for (; n && detector->looked < 3; s++, n--, detector->looked++)
		detector->mark += detector->mark == detector->looked && *s == mark[detector->looked];
}

/* How many of the n bytes are plain ASCII, without line ends and NUL: eight at once
 * while none of them is 80 or above, or below 20 so that it would borrow. */
static size_t count_plain(const unsigned char *s, size_t n)
{
	const uint64_t tops = UINT64_C(0x8080808080808080), spaces = UINT64_C(0x2020202020202020);
	uint64_t eight;
	size_t i = 0;

	for (; i + sizeof(eight) <= n; i += sizeof(eight)) {
		memcpy(&eight, s + i, sizeof(eight));
		if ((eight | (eight - spaces)) & tops)
			break;
	}
	while (i < n && s[i] >= ' ' && s[i] < 0x80)
		i++;
	return i;
}

void pen_charset__look(struct pen_detector *detector, const char *bytes, size_t n)
{
	const unsigned char *s = (const unsigned char *)bytes;

	look_for_mark(detector, s, n);
	while (n) {
		unsigned char c;

		/* Between characters, ASCII is itself in both. */
		if (!detector->utf8.need && !detector->gb.n) {
			size_t plain = count_plain(s, n);

			if (plain) {
				detector->run = 0;
				detector->after_cr = false;
			}
			s += plain;
			n -= plain;
			if (!n)
				break;
		}
		c = *s++;
		n--;
		/* Both walks see the byte before its line may end. */
		utf8_step(detector, c);
		gb_step(detector, c);
		if (c == '\n' || c == '\r')
			end_line(detector, c);
		else
			detector->after_cr = false;
	}
}

static enum pen_status refuse(struct pen_error *error, long line, const char *code, const char *text)
{
	pen_error__set(error, PEN_INPUT, code, "%s", text);
	return pen_error__at(error, NULL, line, NULL);
}

/* A file that ends inside a character is not of the encoding. */
static void end_file(struct pen_detector *detector)
{
	if (detector->utf8.need)
		utf8_fails(detector);
	if (detector->gb.n && !detector->bad_gb)
		detector->bad_gb = detector->line;
	detector->gb.n = 0;
	weigh_line(detector);
}

enum pen_status pen_charset__decide(struct pen_detector *detector, enum pen_encoding *encoding,
    struct pen_error *error)
{
	end_file(detector);
	if (!detector->bad_utf8) {
		*encoding = detector->mark == 3 ? PEN_UTF8_BOM : PEN_UTF8;
		return PEN_OK;
	}
	/* From here on not all of it is UTF-8. Was some of it meant to be? */
	if (detector->threes_before >= MEANT_BEFORE)
		return refuse(error, detector->bad_utf8, "charset.mixed",
		    _("the lines before this one are UTF-8, this one is not; expected one encoding throughout; the file may have been put together from two: convert one and join them again"));
	if (detector->later_line)
		return refuse(error, detector->later_line, "charset.mixed",
		    _("this line is UTF-8, lines before it are not; expected one encoding throughout; the file may have been put together from two: convert one and join them again"));
	if (!detector->bad_gb) {
		*encoding = PEN_GB18030;
		return PEN_OK;
	}
	/* The later of the two: up to it one of them was still possible. */
	return refuse(error, detector->bad_utf8 > detector->bad_gb ? detector->bad_utf8 : detector->bad_gb,
	    "charset.neither",
	    _("the bytes up to this line are neither UTF-8 throughout nor GB18030; the file may be damaged here, or in another encoding; save it as CSV in UTF-8"));
}

/* ------------------------------------------------------------ decoding -- */

/* `out` is the last field's text and grows to the longest. */
struct pen_decoder {
	enum pen_encoding encoding;
	int64_t private_use;
	char *out;
	size_t room;
};

enum pen_status pen_charset__decoder(struct pen_decoder **decoder, enum pen_encoding encoding,
    struct pen_error *error)
{
	struct pen_decoder *made;

	if (encoding == PEN_GB18030) {
		pthread_once(&tables_once, make_tables);
		if (!tables_made)
			return pen_error__set(error, PEN_SYSTEM, "charset.iconv",
			    _("the C library cannot decode GB18030 (its iconv modules may not be installed); install them, or convert the file to UTF-8"));
	}
	made = pen_memory__calloc(1, sizeof *made);
	if (!made)
		return pen_error__memory(error);
	made->encoding = encoding;
	*decoder = made;
	return PEN_OK;
}

void pen_charset__close(struct pen_decoder *decoder)
{
	if (!decoder)
		return;
	pen_memory__free(decoder->out);
	pen_memory__free(decoder);
}

int64_t pen_charset__private_use(const struct pen_decoder *decoder)
{
	return decoder->private_use;
}

/* Eight bytes at a time: most fields are digits. */
static bool is_ascii(const char *s, size_t n)
{
	uint64_t eight;

	for (; n >= sizeof eight; s += sizeof eight, n -= sizeof eight) {
		memcpy(&eight, s, sizeof eight);
		if (eight & UINT64_C(0x8080808080808080))
			return false;
	}
	while (n--)
		if ((unsigned char)*s++ >= 0x80)
			return false;
	return true;
}

/* The BMP's area, and planes 15 and 16. */
static bool is_private(int64_t point)
{
	return (point >= 0xE000 && point <= 0xF8FF) || point >= 0xF0000;
}

/* Shows up to four bytes, the length of the longest character. */
static enum pen_status refuse_bytes(struct pen_error *error, enum pen_encoding encoding,
    const char *s, size_t n, size_t at)
{
	char hex[3 * 4 + 1] = "";

	for (size_t i = at; i < n && i < at + 4; i++)
		snprintf(hex + 3 * (i - at), 4, " %02X", (unsigned char)s[i]);
	return pen_error__set(error, PEN_INPUT, "charset.bytes",
	    _("the bytes%s at position %zu of the field are no character of %s; correct them there"),
	    hex, at + 1, pen_charset__name(encoding));
}

/* UTF-8 stays where it is; it is only looked through. */
static enum pen_status look_through(struct pen_decoder *decoder, const char *s, size_t n,
    struct pen_error *error)
{
	size_t used;

	for (size_t i = 0; i < n; i += used) {
		int32_t point = pen_text__decode(s + i, n - i, &used);

		if (point < 0)
			return refuse_bytes(error, decoder->encoding, s, n, i);
		decoder->private_use += is_private(point);
	}
	return PEN_OK;
}

static enum pen_status make_room(struct pen_decoder *decoder, size_t room, struct pen_error *error)
{
	char *out;

	if (room <= decoder->room)
		return PEN_OK;
	out = pen_memory__realloc(decoder->out, room, 1);
	if (!out)
		return pen_error__memory(error);
	decoder->out = out;
	decoder->room = room;
	return PEN_OK;
}

/* GB18030 to the decoder's own buffer. */
static enum pen_status convert(struct pen_decoder *decoder, const char *s, size_t n, size_t *out_n,
    struct pen_error *error)
{
	size_t used;
	char *out;
	/* Two bytes become four at most, four never more than four. */
	enum pen_status status = make_room(decoder, 2 * n, error);

	if (status != PEN_OK)
		return status;
	out = decoder->out;
	for (size_t i = 0; i < n; i += used) {
		uint32_t point = gb_point((const unsigned char *)s + i, n - i, &used);

		/* A NUL is a character, and 0 as well. */
		if (!point && s[i])
			return refuse_bytes(error, decoder->encoding, s, n, i);
		decoder->private_use += is_private(point);
		out += pen_text__encode((int32_t)point, out);
	}
	*out_n = (size_t)(out - decoder->out);
	return PEN_OK;
}

enum pen_status pen_charset__decode(struct pen_decoder *decoder, const char *bytes, size_t n,
    const char **out, size_t *out_n, struct pen_error *error)
{
	enum pen_status status;

	*out = bytes;
	*out_n = n;
	if (is_ascii(bytes, n))
		return PEN_OK;
	if (decoder->encoding != PEN_GB18030)
		return look_through(decoder, bytes, n, error);
	status = convert(decoder, bytes, n, out_n, error);
	if (status == PEN_OK)
		*out = decoder->out;
	return status;
}

#include "model/survey.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/utf16.h"

#include <string.h>
#include <strings.h>

#define HEAD 1024		/* bytes that say what kind of file it is */
#define PIECE 4096		/* of UTF-16, converted at a time */
#define TEXT_TO_NUL 64		/* at least so many bytes of text to a NUL */

/* Invariant: `head` holds the first bytes until it is full or the file ends, and
 * then they are looked at like the rest. Counts are of the bytes looked at; what
 * of them is UTF-16 is counted as the UTF-8 that it comes to. `run` is how many
 * NUL and 0x1A bytes the file ends with as far as it was seen, `run_nuls` how many
 * of them are NUL. Lines are 0 as long as there is none. */
struct pen_survey {
	struct pen_detector *detector;
	char head[HEAD];
	size_t head_n;
	bool begun;
	enum pen_encoding marked;	/* UTF-16 by its mark, or 0 */
	struct pen_utf16 utf16;
	long broken_line;		/* of the UTF-16 */

	int64_t bytes, nuls, even_nuls;
	int64_t run, run_nuls;
	long nul_line, hole_line;
};

/* ----------------------------------------------------------- kinds of file -- */

static enum pen_status refuse(struct pen_error *error, long line, const char *code, const char *text)
{
	pen_error__set(error, PEN_INPUT, code, "%s", text);
	return pen_error__at(error, NULL, line, NULL);
}

/* What files of other kinds begin with. */
static const struct { const char *s; size_t n; const char *text; } kinds[] = {
	{ "PK\x03\x04", 4, N_("this is a ZIP archive, or a workbook (.xlsx), whatever its name is; open it in the program that made it, and save the sheet as CSV UTF-8") },
	{ "PK\x05\x06", 4, N_("this is an empty ZIP archive; ask for the file itself") },
	{ "\xD0\xCF\x11\xE0", 4, N_("this is a workbook (.xls), a protected one perhaps; open it in the spreadsheet program, and save the sheet as CSV UTF-8") },
	{ "%PDF", 4, N_("this is a PDF, which is for people to read; ask for the data as CSV") },
	{ "\x1f\x8b", 2, N_("this is a gzip file within a gzip file; unpack it once with gunzip") },
	{ "Rar!", 4, N_("this is a RAR archive; unpack it first") },
	{ "7z\xBC\xAF", 4, N_("this is a 7z archive; unpack it first") },
	{ "SQLite format 3", 15, N_("this is a database (SQLite); export the table as CSV UTF-8") },
	{ "\x7f" "ELF", 4, N_("this is a program; expected a file of data") },
};

/* The same for what is text, in any case of letters, after mark and blanks. */
static const struct { const char *s; const char *text; } markups[] = {
	{ "<?xml", N_("this is XML, whatever its name is; open it in a spreadsheet program, and save the sheet as CSV UTF-8") },
	{ "<!doctype html", N_("this is a web page (HTML), whatever its name is; open it in a spreadsheet program, and save the sheet as CSV UTF-8") },
	{ "<html", N_("this is a web page (HTML), whatever its name is; open it in a spreadsheet program, and save the sheet as CSV UTF-8") },
	{ "<table", N_("this is a web page (HTML), whatever its name is; open it in a spreadsheet program, and save the sheet as CSV UTF-8") },
	{ "<meta", N_("this is a web page (HTML), whatever its name is; open it in a spreadsheet program, and save the sheet as CSV UTF-8") },
	{ "<head", N_("this is a web page (HTML), whatever its name is; open it in a spreadsheet program, and save the sheet as CSV UTF-8") },
	{ "<style", N_("this is a web page (HTML), whatever its name is; open it in a spreadsheet program, and save the sheet as CSV UTF-8") },
	{ "MIME-Version:", N_("this is a web page (HTML), whatever its name is; open it in a spreadsheet program, and save the sheet as CSV UTF-8") },
	{ "{\\rtf", N_("this is a word processor's document (RTF); ask for the data as CSV") },
};

static enum pen_status check_kind(const char *s, size_t n, struct pen_error *error)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (n >= kinds[i].n && memcmp(s, kinds[i].s, kinds[i].n) == 0)
			return refuse(error, 0, "file.kind", _(kinds[i].text));
	}
	if (n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0) {
		s += 3;
		n -= 3;
	}
	for (; n && strchr(" \t\r\n", *s) && *s; n--)
		s++;
	for (size_t i = 0; i < sizeof(markups) / sizeof(markups[0]); i++) {
		if (n >= strlen(markups[i].s) && strncasecmp(s, markups[i].s, strlen(markups[i].s)) == 0)
			return refuse(error, 0, "file.kind", _(markups[i].text));
	}
	return PEN_OK;
}

/* ------------------------------------------------------------- NUL bytes -- */

static bool is_padding(char c)
{
	return c == '\0' || c == '\x1a';
}

/* Something follows: what was seen of NUL and 0x1A so far was no padding. */
static void end_run(struct pen_survey *survey)
{
	if (survey->run > PEN_SURVEY_HOLE && !survey->hole_line)
		survey->hole_line = survey->nul_line;
	survey->run = survey->run_nuls = 0;
}

static void count_padding(struct pen_survey *survey, char c)
{
	survey->run++;
	if (c)
		return;
	survey->run_nuls++;
	survey->nuls++;
	survey->even_nuls += survey->bytes % 2 == 0;
	if (!survey->nul_line)
		survey->nul_line = pen_charset__line(survey->detector);
}

/* Stretches without NUL and 0x1A, which are nearly all of a file, go to the
 * detector as they are. */
static void look_at(struct pen_survey *survey, const char *s, size_t n)
{
	while (n) {
		const char *nul = memchr(s, '\0', n), *end;
		size_t clear;

		clear = nul ? (size_t)(nul - s) : n;
		end = memchr(s, '\x1a', clear);
		if (end)
			clear = (size_t)(end - s);
		if (clear) {
			end_run(survey);
			pen_charset__look(survey->detector, s, clear);
			survey->bytes += (int64_t)clear;
			s += clear;
			n -= clear;
		}
		for (; n && is_padding(*s); s++, n--) {
			count_padding(survey, *s);
			pen_charset__look(survey->detector, s, 1);
			survey->bytes++;
		}
	}
}

/* ---------------------------------------------------------------- looking -- */

static void look_at_utf16(struct pen_survey *survey, const char *s, size_t n)
{
	char text[PEN_UTF16_ROOM(PIECE)];
	size_t part, text_n;
	bool good;

	for (; n && !survey->broken_line; s += part, n -= part) {
		part = n < PIECE ? n : PIECE;
		good = pen_utf16__convert(&survey->utf16, s, part, text, &text_n);
		look_at(survey, text, text_n);
		if (!good)
			survey->broken_line = pen_charset__line(survey->detector);
	}
}

static void look_on(struct pen_survey *survey, const char *s, size_t n)
{
	if (survey->marked)
		look_at_utf16(survey, s, n);
	else
		look_at(survey, s, n);
}

/* The head is complete. */
static enum pen_status begin(struct pen_survey *survey, struct pen_error *error)
{
	size_t mark = 0;

	survey->begun = true;
	if (survey->head_n >= 4 && (memcmp(survey->head, "\xFF\xFE\0\0", 4) == 0 ||
	    memcmp(survey->head, "\0\0\xFE\xFF", 4) == 0))
		return refuse(error, 0, "charset.utf32",
		    _("this is UTF-32, four bytes a character; expected UTF-8, UTF-16 or GB18030; save it as CSV UTF-8"));
	if (survey->head_n >= 2 && memcmp(survey->head, "\xFF\xFE", 2) == 0)
		survey->marked = PEN_UTF16LE;
	else if (survey->head_n >= 2 && memcmp(survey->head, "\xFE\xFF", 2) == 0)
		survey->marked = PEN_UTF16BE;
	if (survey->marked) {
		survey->utf16.big = survey->marked == PEN_UTF16BE;
		mark = 2;
	} else {
		enum pen_status status = check_kind(survey->head, survey->head_n, error);

		if (status != PEN_OK)
			return status;
	}
	look_on(survey, survey->head + mark, survey->head_n - mark);
	return PEN_OK;
}

enum pen_status pen_survey__look(struct pen_survey *survey, const char *bytes, size_t n, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (!survey->begun) {
		size_t part = HEAD - survey->head_n < n ? HEAD - survey->head_n : n;

		memcpy(survey->head + survey->head_n, bytes, part);
		survey->head_n += part;
		bytes += part;
		n -= part;
		if (survey->head_n < HEAD)
			return PEN_OK;
		status = begin(survey, error);
	}
	if (status == PEN_OK)
		look_on(survey, bytes, n);
	return status;
}

static enum pen_status decide_utf16(struct pen_survey *survey, struct pen_error *error)
{
	if (survey->broken_line)
		return refuse(error, survey->broken_line, "charset.utf16",
		    _("half a character: a surrogate of UTF-16 stands alone on this line; expected both halves; the file was cut or changed here, export it again as CSV UTF-8"));
	if (!pen_utf16__ends(&survey->utf16))
		return refuse(error, pen_charset__line(survey->detector), "charset.utf16",
		    _("the UTF-16 ends in the middle of a character; expected an even number of bytes; the file was cut off, fetch it again"));
	return PEN_OK;
}

/* Every second byte NUL, and hardly another: digits and commas in UTF-16. */
static bool looks_like_utf16(const struct pen_survey *survey)
{
	int64_t odd = survey->nuls - survey->even_nuls;

	return (odd > 8 * survey->even_nuls || survey->even_nuls > 8 * odd) && survey->nuls >= survey->bytes / 8;
}

static enum pen_status decide_nuls(struct pen_survey *survey, struct pen_error *error)
{
	int64_t nuls = survey->nuls - survey->run_nuls, bytes = survey->bytes - survey->run;

	if (!survey->marked && looks_like_utf16(survey) && nuls)
		return refuse(error, survey->nul_line, "charset.binary",
		    _("every second byte is NUL: this is UTF-16 without a byte order mark, as it seems; save it as CSV in UTF-8, or as UTF-16 with the mark"));
	/* Three of four bytes NUL, or two where the text is Chinese. */
	if (!survey->marked && nuls && survey->bytes % 4 == 0 && survey->nuls * 2 >= survey->bytes)
		return refuse(error, survey->nul_line, "charset.utf32",
		    _("more than every second byte is NUL: this is UTF-32, as it seems; expected UTF-8, UTF-16 or GB18030; save it as CSV UTF-8"));
	if (nuls * TEXT_TO_NUL > bytes)
		return refuse(error, survey->nul_line, "charset.binary",
		    _("too many NUL bytes, from this line on: this is no text, but a workbook perhaps, a PDF, a database; save it as CSV in UTF-8"));
	if (survey->hole_line)
		return refuse(error, survey->hole_line, "charset.binary",
		    _("thousands of NUL bytes within the text, after this line or on it: what stood there is lost; fetch the file again"));
	return PEN_OK;
}

enum pen_status pen_survey__decide(struct pen_survey *survey, enum pen_encoding *encoding, struct pen_error *error)
{
	enum pen_status status = PEN_OK;

	if (!survey->begun)
		status = begin(survey, error);
	if (status == PEN_OK && survey->marked)
		status = decide_utf16(survey, error);
	/* What nobody meant as text comes first, then the encodings. */
	if (status == PEN_OK)
		status = decide_nuls(survey, error);
	if (status == PEN_OK)
		status = pen_charset__decide(survey->detector, encoding, error);
	if (status == PEN_OK && survey->marked)
		*encoding = survey->marked;
	return status;
}

enum pen_status pen_survey__open(struct pen_survey **survey, struct pen_error *error)
{
	struct pen_survey *made = pen_memory__calloc(1, sizeof(*made));
	enum pen_status status;

	if (!made)
		return pen_error__memory(error);
	status = pen_charset__detector(&made->detector, error);
	if (status != PEN_OK) {
		pen_memory__free(made);
		return status;
	}
	*survey = made;
	return PEN_OK;
}

void pen_survey__close(struct pen_survey *survey)
{
	if (!survey)
		return;
	pen_charset__forget(survey->detector);
	pen_memory__free(survey);
}

/* The encoding is the same however the bytes are cut, and what it was found to be can be
 * decoded, into UTF-8. */
#include "fuzz.h"
#include "adapter/charset.h"

static enum pen_status detect(const char *s, size_t n, size_t piece, enum pen_encoding *encoding, long *line)
{
	struct pen_error error = { 0 };
	struct pen_detector *detector;
	enum pen_status status;
	size_t part;

	holds(pen_charset__detector(&detector, &error) == PEN_OK);
	for (; n > 0; s += part, n -= part) {
		part = n < piece ? n : piece;
		pen_charset__look(detector, s, part);
	}
	*line = pen_charset__line(detector);
	status = pen_charset__decide(detector, encoding, &error);
	refused_well(status, &error);
	pen_charset__forget(detector);
	return status;
}

static void decode(enum pen_encoding encoding, const char *s, size_t n)
{
	struct pen_error error = { 0 };
	struct pen_decoder *decoder;
	enum pen_encoding again;
	const char *out;
	size_t out_n;
	long line;

	holds(pen_charset__decoder(&decoder, encoding, &error) == PEN_OK);
	if (encoding == PEN_UTF8_BOM) {
		s += 3;
		n -= 3;
	}
	holds(pen_charset__decode(decoder, s, n, &out, &out_n, &error) == PEN_OK);
	holds(detect(out, out_n, out_n + 1, &again, &line) == PEN_OK && (again == PEN_UTF8 || again == PEN_UTF8_BOM));
	pen_charset__close(decoder);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	enum pen_encoding whole, cut;
	enum pen_status status;
	long line, other;
	const char *s = (const char *)bytes + 1;
	size_t piece;

	if (n < 1)
		return 0;
	piece = bytes[0] % 16 + 1;
	n--;
	status = detect(s, n, n + 1, &whole, &line);
	holds(detect(s, n, piece, &cut, &other) == status && line == other);
	if (status != PEN_OK)
		return 0;
	holds(whole == cut);
	decode(whole, s, n);
	return 0;
}

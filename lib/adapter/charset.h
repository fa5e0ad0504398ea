/* iconv: what encoding a file is in, and its fields as UTF-8. */
#ifndef PEN_ADAPTER_CHARSET_H
#define PEN_ADAPTER_CHARSET_H

#include "pen.h"

/* UTF-16 is turned into UTF-8 before anything is read of it (base/utf16): no
 * decoder is made for it, and the detector never finds it. */
enum pen_encoding { PEN_UTF8 = 1, PEN_UTF8_BOM, PEN_GB18030, PEN_UTF16LE, PEN_UTF16BE };

/* "UTF-8", "UTF-8 with BOM", "GB18030", "UTF-16LE with BOM", "UTF-16BE with BOM" */
const char *pen_charset__name(enum pen_encoding encoding);
enum pen_encoding pen_charset__named(const char *name);		/* 0: none is called so */

/* Detection looks at all the bytes and believes no declaration: a file is
 * UTF-8 if every byte of it is (so pure ASCII is UTF-8), else GB18030 if every
 * byte of it is that. PEN_INPUT, with the line, are
 *   - bytes that are neither throughout: the first line at which both have
 *     failed ("charset.neither");
 *   - a file that was put together from both, though all of it could be read as
 *     GB18030 ("charset.mixed"): the first line that is not UTF-8, if the lines
 *     before it hold two or more characters of three bytes in UTF-8; or the
 *     first line after that one which is UTF-8 and holds four ideographs
 *     (U+4E00 to U+9FFF) in a row. Text in GB18030 looks so by a rare chance only.
 * Lines end with LF, CRLF or lone CR. */
/* look takes the file from its first byte on, in pieces of any size, and needs no
 * memory; decide is asked once, at the end. */
struct pen_detector;
enum pen_status pen_charset__detector(struct pen_detector **detector, struct pen_error *error);
void pen_charset__look(struct pen_detector *detector, const char *bytes, size_t n);
enum pen_status pen_charset__decide(struct pen_detector *detector, enum pen_encoding *encoding,
    struct pen_error *error);
long pen_charset__line(const struct pen_detector *detector);	/* of the next byte */
void pen_charset__forget(struct pen_detector *detector);

/* Decodes fields. The 2022 mapping of GB18030 whichever libc is underneath: the
 * positions that it moved (18 two-byte, 18 four-byte) are decoded here.
 * `private_use` counts the private-use characters that came out. The byte order
 * mark is part of no field: leave it out. PEN_SYSTEM if the C library has no
 * GB18030 at all. A decoder belongs to one thread at a time. */
struct pen_decoder;
enum pen_status pen_charset__decoder(struct pen_decoder **decoder, enum pen_encoding encoding,
    struct pen_error *error);
/* UTF-8 of the n bytes to *out, valid until the next call; ASCII comes back as
 * it went in, uncopied. PEN_INPUT if the bytes are not of the encoding. */
enum pen_status pen_charset__decode(struct pen_decoder *decoder, const char *bytes, size_t n,
    const char **out, size_t *out_n, struct pen_error *error);
int64_t pen_charset__private_use(const struct pen_decoder *decoder);
void pen_charset__close(struct pen_decoder *decoder);

#endif

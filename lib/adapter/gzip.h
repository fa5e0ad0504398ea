/* zlib: gzip streams, in chunks that are each a gzip member of its own, so
 * that joined by cat they open with gunzip. */
#ifndef PEN_ADAPTER_GZIP_H
#define PEN_ADAPTER_GZIP_H

#include "pen.h"

/* One member: bytes to *out (free with pen_memory__free). Level 1 (fast, and a
 * quarter of the time of 6) to 9 (small); none is no choice here. The
 * header carries no name and no time: equal bytes give equal members. */
enum pen_status pen_gzip__pack(const void *bytes, size_t n, int level, char **out, size_t *out_n,
    struct pen_error *error);
/* One member back, to *out (free with pen_memory__free; no NUL is added). More
 * than `limit` bytes ("gzip.long"), or a stream that is cut off, changed, or
 * followed by anything ("gzip.damaged"), is PEN_INTEGRITY. Memory grows with what
 * is there, not with the limit. */
enum pen_status pen_gzip__unpack(const void *bytes, size_t n, size_t limit, char **out,
    size_t *out_n, struct pen_error *error);

#endif

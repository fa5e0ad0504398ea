/* zlib and, where it is faster, igzip of ISA-L: gzip streams, in chunks that are each a gzip
 * member of its own, so that joined by cat they open with gunzip; and files of others,
 * as they come. */
#ifndef PEN_ADAPTER_GZIP_H
#define PEN_ADAPTER_GZIP_H

#include "pen.h"

/* One member, packed fast: bytes (less than 4 GB) to *out, free with
 * pen_memory__free. The header carries no name and no time, and on one machine equal
 * bytes give equal members; another's processor may pack them otherwise. */
enum pen_status pen_gzip__pack(const void *bytes, size_t n, char **out, size_t *out_n, struct pen_error *error);
/* One member back, to *out (free with pen_memory__free; no NUL is added). More
 * than `limit` bytes ("gzip.long"), or a stream that is cut off, changed, or
 * followed by anything ("gzip.damaged"), is PEN_INTEGRITY. Memory grows with what
 * is there, not with the limit. */
enum pen_status pen_gzip__unpack(const void *bytes, size_t n, size_t limit, char **out,
    size_t *out_n, struct pen_error *error);

/* CRC-32 going on from `crc` (0 at the start), as gzip has it. */
uint32_t pen_gzip__crc(uint32_t crc, const void *bytes, size_t n);

/* True if a file that begins with these bytes is gzip. */
bool pen_gzip__is(const char *bytes, size_t n);

/* A file of any number of members, opened as it comes, in 64 KiB whatever it opens
 * to. A stream that is cut off, changed, or followed by anything but a further
 * member is PEN_INPUT ("gzip.damaged"); another status of the sink stops and is
 * handed on. */
struct pen_gzip;
typedef enum pen_status pen_gzip_sink(void *context, const char *bytes, size_t n, struct pen_error *error);
enum pen_status pen_gzip__open(struct pen_gzip **gzip, pen_gzip_sink *sink, void *context, struct pen_error *error);
enum pen_status pen_gzip__feed(struct pen_gzip *gzip, const char *bytes, size_t n, struct pen_error *error);
enum pen_status pen_gzip__finish(struct pen_gzip *gzip, struct pen_error *error);
void pen_gzip__close(struct pen_gzip *gzip);

#endif

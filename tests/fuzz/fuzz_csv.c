/* CSV: the records are the same however the bytes are cut into pieces. */
#include "fuzz.h"
#include "adapter/csv.h"

/* What was seen, added up: fields, their bytes and places. */
struct seen { uint64_t sum; long records; };

static void add(struct seen *seen, uint64_t value)
{
	seen->sum = (seen->sum ^ value) * 0x100000001b3u;
}

static enum pen_status record(void *context, const struct pen_csv_field *fields, size_t count, long line, int64_t byte,
    struct pen_error *error)
{
	struct seen *seen = context;
	size_t i, j;

	(void)error;
	seen->records++;
	add(seen, (uint64_t)line);
	add(seen, (uint64_t)byte);
	add(seen, count);
	for (i = 0; i < count; i++) {
		add(seen, fields[i].n);
		for (j = 0; j < fields[i].n; j++)
			add(seen, (unsigned char)fields[i].s[j]);
	}
	return PEN_OK;
}

static enum pen_status parse(char delimiter, const char *s, size_t n, size_t piece, struct seen *seen)
{
	struct pen_error error = { 0 };
	struct pen_csv *csv;
	enum pen_status status = pen_csv__open(&csv, delimiter, record, seen, &error);
	size_t part;

	while (status == PEN_OK && n > 0) {
		part = n < piece ? n : piece;
		status = pen_csv__feed(csv, s, part, &error);
		s += part;
		n -= part;
	}
	if (status == PEN_OK)
		status = pen_csv__finish(csv, &error);
	refused_well(status, &error);
	pen_csv__close(csv);
	return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char delimiters[] = ",;\t|";
	struct seen whole = { 0 }, cut = { 0 };
	enum pen_status status;
	char delimiter;
	size_t piece;

	if (n < 1)
		return 0;
	delimiter = delimiters[bytes[0] % 4];
	piece = bytes[0] / 4 % 16 + 1;
	status = parse(delimiter, (const char *)bytes + 1, n - 1, n, &whole);
	holds(parse(delimiter, (const char *)bytes + 1, n - 1, piece, &cut) == status);
	holds(status != PEN_OK || (whole.sum == cut.sum && whole.records == cut.records));
	return 0;
}

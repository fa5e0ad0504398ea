#include "store/monthcount.h"

#include "base/memory.h"

struct sum { uint16_t months, folios; };

/* sum[] by number; folio and person are those added last. */
struct pen_monthcount {
	struct sum *sum;
	size_t people;
	int64_t folio, person;
};

struct pen_monthcount *pen_monthcount__new(size_t people)
{
	struct pen_monthcount *made = pen_memory__calloc(1, sizeof(*made));

	if (!made)
		return NULL;
	made->people = people;
	made->sum = pen_memory__table(people, sizeof(*made->sum));
	if (!made->sum) {
		pen_memory__free(made);
		return NULL;
	}
	return made;
}

void pen_monthcount__free(struct pen_monthcount *count)
{
	if (!count)
		return;
	pen_memory__free(count->sum);
	pen_memory__free(count);
}

void pen_monthcount__add(struct pen_monthcount *count, int64_t folio, int64_t person, int months)
{
	struct sum *sum;

	if (person <= 0 || (uint64_t)person >= count->people)
		return;
	sum = &count->sum[person];
	/* No more than there is room for: either is far too many. */
	sum->months = (uint16_t)(sum->months + months < UINT16_MAX ? sum->months + months : UINT16_MAX);
	sum->folios += sum->folios < UINT16_MAX && (folio != count->folio || person != count->person);
	count->folio = folio;
	count->person = person;
}

bool pen_monthcount__over(const struct pen_monthcount *count, int most, struct pen_monthcount_of *of)
{
	size_t person;

	for (person = (size_t)of->person + 1; person < count->people; person++) {
		if (count->sum[person].months > most) {
			*of = (struct pen_monthcount_of){ (int64_t)person, count->sum[person].months, count->sum[person].folios };
			return true;
		}
	}
	return false;
}

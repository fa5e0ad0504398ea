/* reckon STORE AREA: what the library makes of the sealed records of people, each a line
 * of the input: number in the store, month of retirement, month of birth (yyyymm). A line
 * each: paid and deemed months, index (millionths), C1, C2, account, divisor (tenths), the
 * four parts, their sum, whether a rate was provisional; or why not. */
#include "base/memory.h"
#include "model/pension.h"
#include "model/retiring.h"
#include "store/balance.h"
#include "store/careers.h"
#include "store/settings.h"

#include <inttypes.h>
#include <stdio.h>

#define NOW INT64_C(1000000000)		/* an index behind all entries */

struct figures {
	struct pen_careers careers;
	struct pen_balance_before before;
	struct pen_career_sum sum;
	struct pen_pension pension;
};

static enum pen_status reckon(struct figures *f, struct pen_store *store, const struct pen_parameters *parameters, const char *area,
    int64_t person, int32_t retired, int32_t born, struct pen_error *error)
{
	struct pen_pension_case given = { .retired = retired, .age_months = pen_retiring__months(born, retired) };
	enum pen_status status = pen_careers__read(&f->careers, store, person, retired, NOW, error);

	if (status == PEN_OK)
		status = pen_balance__before(store, parameters, person, pen_retiring__after(retired, 1), NOW, &f->before, error);
	if (status == PEN_OK)
		status = pen_career__sum(&f->careers.career, parameters, area, retired, NULL, &f->sum, error);
	if (status != PEN_OK)
		return status;
	given.paid_months = f->sum.paid_months;
	given.deemed_months = f->careers.career.deemed_months;
	given.early_months = f->sum.early_months;
	given.index = f->sum.index;
	given.index_decimals = f->sum.decimals;
	given.balance_fen = f->before.total_fen;
	return pen_pension__of(&given, parameters, area, NULL, &f->pension, error);
}

static void print(const struct figures *f)
{
	const struct pen_pension *p = &f->pension;
	int64_t index = f->sum.index;
	int i;

	for (i = f->sum.decimals; i < 6; i++)
		index *= 10;
	printf("%d %d %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %d\n",
	    f->sum.paid_months, f->careers.career.deemed_months, index, p->wage_base_1_fen, p->wage_base_2_fen, f->before.total_fen,
	    p->divisor, p->basic_fen, p->account_fen, p->transitional_fen, p->extra_fen, p->pension_fen,
	    f->before.provisional || f->before.prior_provisional);
}

int main(int argc, char **argv)
{
	struct pen_parameters *parameters = NULL;
	struct pen_store *store = NULL;
	struct pen_error error = { .status = PEN_OK };
	char digest[PEN_DIGEST_HEX];
	enum pen_status status = argc == 3 ? pen_store__open(&store, argv[1], false, &error) : PEN_USAGE;
	int64_t person;
	int32_t retired, born;

	if (status == PEN_OK)
		status = pen_settings__parameters(store, NOW, &parameters, digest, &error);
	while (status == PEN_OK && scanf("%" SCNd64 "%" SCNd32 "%" SCNd32, &person, &retired, &born) == 3) {
		struct figures f = { .sum = { .index = 0 } };

		if (reckon(&f, store, parameters, argv[2], person, retired, born, &error) == PEN_OK)
			print(&f);
		else
			printf("%s: %s\n", error.code, error.text);
		pen_careers__free(&f.careers);
		pen_balance__free(&f.before);
	}
	if (status != PEN_OK)
		fprintf(stderr, "%s\n", error.text);
	pen_parameter__free(parameters);
	pen_store__close(store);
	return status;
}

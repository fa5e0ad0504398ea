#include "work/asking.h"

#include "base/date.h"
#include "base/error.h"
#include "base/file.h"
#include "model/follow.h"
#include "work/askedfile.h"
#include "store/payee.h"
#include "store/people.h"
#include "store/pointed.h"
#include "store/rows.h"
#include "store/settings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAPER_LARGEST ((size_t)256 << 20)
#define FORMS 5
#define CANDIDATES 8	/* rows that somebody may have meant, as many as are told */

/* The last record that was pointed at, so that lines which stand together are one. */
struct key { char form[64], id_number[32], credit_code[32]; int32_t year; int64_t record; };

struct work {
	struct pen_asking *asking;
	struct pen_store *store;
	const char *clause;
	int32_t today;
	struct pen_form *form[FORMS];
	size_t forms;
	struct key key;
	const struct pen_form *of;	/* the form of the last record */
	bool any;
};

/* ------------------------------------------------------------- which row -- */

static enum pen_status find_form(struct work *work, const char *name, const struct pen_form **form, struct pen_error *error)
{
	size_t i;

	for (i = 0; i < work->forms; i++)
		if (strcmp(work->form[i]->name, name) == 0) {
			*form = work->form[i];
			return PEN_OK;
		}
	if (!pen_amended__is_form(name) || work->forms == FORMS)
		return pen_error__refuse(error, work->clause, "amend.kind",
		    _("records of form %s are not amended; those of breakdown, registration, employer, opening and retirement are"), name);
	if (pen_settings__form(NULL, name, &work->form[work->forms], NULL, error) != PEN_OK)
		return error->status;
	*form = work->form[work->forms++];
	return PEN_OK;
}

/* The form that is meant where none is said: by what the row is found by. */
static const char *usual_form(const struct pen_asked *asked)
{
	if (asked->form)
		return strcmp(asked->form, "contribution") == 0 ? "breakdown" : asked->form;
	if (!asked->id_number)
		return "employer";
	return asked->year ? "breakdown" : "registration";
}

/* County staff ask for the employers of their county, and the people there. */
static enum pen_status check_county(struct work *work, int64_t employer, int64_t person, struct pen_error *error)
{
	const char *agency = work->asking->session->staff.agency;
	char area[7];

	if (strcmp(agency, pen_store__identity(work->store)->agency) == 0)
		return PEN_OK;
	if (pen_pointed__area(work->store, employer, person, area, error) != PEN_OK)
		return error->status;
	if (strcmp(area, agency) == 0)
		return PEN_OK;
	return pen_error__refuse(error, work->clause, "amend.agency",
	    _("the employer is of area %s, and you act for agency %s: that county, or the agency above, asks for the change"),
	    area[0] ? area : "-", agency);
}

static enum pen_status not_one(const struct work *work, const struct pen_pointed *found, size_t count, const struct pen_asked *asked,
    struct pen_error *error)
{
	const char *who = asked->id_number ? asked->id_number : asked->credit_code;
	char list[256];
	size_t n = 0, i;

	if (count == 0)
		return pen_error__refuse(error, work->clause, "amend.none",
		    _("there is no row of form %s of %s that is confirmed and stands: look at the year and the employer; a record that is missing is asked for with --form rebuild-account"),
		    usual_form(asked), who);
	for (i = 0; i < count && n < sizeof(list); i++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, _("%sfolio %" PRId64 " line %" PRId64), i ? ", " : "", found[i].folio, found[i].line);
	return pen_error__refuse(error, work->clause, "amend.several",
	    _("%s has several rows of form %s: %s%s; say which, by --employer, or --folio and --line"), who, usual_form(asked), list,
	    count == CANDIDATES ? " …" : "");
}

/* The row itself, copied to the list. */
static enum pen_status take_row(struct work *work, const struct pen_form *form, int64_t subject, const struct pen_pointed *found,
    struct pen_error *error)
{
	const struct pen_row *row;
	struct pen_rows *rows;
	enum pen_status status = pen_rows__open_subject(&rows, work->store, form->kind, found->folio, subject, error);

	if (status != PEN_OK)
		return status;
	while ((status = pen_rows__next(rows, &row, error)) == PEN_OK && row && row->v[PEN_LINE].i != found->line)
		;
	if (status == PEN_OK && (row == NULL || pen_amended__standing(&work->asking->amended, form->name, found->folio,
	    found->employer, found->period, row) == NULL))
		status = row ? pen_error__memory(error) : pen_error__set(error, PEN_INTEGRITY, "amend.gone",
		    _("line %" PRId64 " of folio %" PRId64 " is gone: run pen-verify"), found->line, found->folio);
	pen_rows__close(rows);
	return status;
}

static bool is_same(const struct pen_amended *a, const struct pen_amended *b)
{
	return a->folio == b->folio && a->folio && a->new.v[PEN_SUBJECT].i == b->new.v[PEN_SUBJECT].i &&
	    a->old.v[PEN_LINE].i == b->old.v[PEN_LINE].i;
}

static enum pen_status stand(struct work *work, const struct pen_form *form, int64_t person, int64_t employer,
    const struct pen_asked *asked, struct pen_error *error)
{
	const struct pen_request_options *options = work->asking->options;
	const struct pen_pointing at = {
		.form = form->name, .person = person, .employer = employer, .year = asked->year,
		.folio = options->from ? 0 : options->folio, .line = asked->record,
	};
	struct pen_pointed found[CANDIDATES];
	size_t count;

	if (pen_pointed__find(work->store, &at, found, CANDIDATES, &count, error) != PEN_OK)
		return error->status;
	if (count != 1)
		return not_one(work, found, count, asked, error);
	if (check_county(work, form->kind->of_people ? found[0].employer : employer, person, error) != PEN_OK)
		return error->status;
	return take_row(work, form, form->kind->of_people ? person : employer, &found[0], error);
}

static enum pen_status miss(struct work *work, const struct pen_form *form, int64_t person, int64_t employer,
    const struct pen_asked *asked, struct pen_error *error)
{
	const bool contribution = form->kind->id == PEN_KIND_CONTRIBUTION;

	if (!contribution && form->kind->id != PEN_KIND_OPENING)
		return pen_error__refuse(error, work->clause, "amend.missing",
		    _("an account is rebuilt from rows of breakdown and opening; what is missing of form %s comes in with pen-import"), form->name);
	if (!person || !asked->year || (contribution && !employer))
		return pen_error__set(error, PEN_USAGE, "amend.missing",
		    _("a missing row is told by the person, the year and, of a breakdown, the employer: --person, --year, --employer"));
	if (check_county(work, employer, person, error) != PEN_OK)
		return error->status;
	if (pen_amended__missing(&work->asking->amended, form, person, employer, asked->year) == NULL)
		return pen_error__memory(error);
	return PEN_OK;
}

/* Who retired before the system is known by that form alone. */
static enum pen_status find_person(struct work *work, const struct pen_asked *asked, struct pen_someone *someone, struct pen_error *error)
{
	return strcmp(usual_form(asked), "retirement") == 0 ?
	    pen_payee__person(work->store, asked->id_number, INT64_MAX, someone, error) :
	    pen_people__person(work->store, asked->id_number, INT64_MAX, someone, error);
}

/* Makes a record of what is pointed at. */
static enum pen_status point(struct work *work, const struct pen_asked *asked, struct pen_error *error)
{
	const bool missing = work->asking->form == PEN_AMENDMENT_REBUILD;
	struct pen_someone someone = { .person = 0 };
	struct pen_business business = { .employer = 0 };

	if (asked->id_number && find_person(work, asked, &someone, error) != PEN_OK)
		return error->status;
	if (asked->credit_code && pen_people__employer(work->store, asked->credit_code, INT64_MAX, &business, error) != PEN_OK)
		return error->status;
	if (!someone.person && !business.employer)
		return pen_error__set(error, PEN_USAGE, "amend.whose",
		    _("say whose record it is: --person with a citizen id, or --employer with a credit code"));
	if (find_form(work, usual_form(asked), &work->of, error) != PEN_OK)
		return error->status;
	if (work->of->kind->of_people && !someone.person)
		return pen_error__set(error, PEN_USAGE, "amend.whose", _("records of form %s are a person's: say whose, with --person"), work->of->name);
	if (!work->of->kind->of_people && someone.person)
		return pen_error__set(error, PEN_USAGE, "amend.whose", _("records of form %s are an employer's: leave --person out"), work->of->name);
	return missing ? miss(work, work->of, someone.person, business.employer, asked, error) :
	    stand(work, work->of, someone.person, business.employer, asked, error);
}

/* ------------------------------------------------------------ what of it -- */

static struct key key_of(const struct pen_asked *asked)
{
	struct key key = { .year = asked->year, .record = asked->record };

	snprintf(key.form, sizeof(key.form), "%s", usual_form(asked));
	snprintf(key.id_number, sizeof(key.id_number), "%s", asked->id_number ? asked->id_number : "");
	snprintf(key.credit_code, sizeof(key.credit_code), "%s", asked->credit_code ? asked->credit_code : "");
	return key;
}

static bool same_key(const struct key *a, const struct key *b)
{
	return a->year == b->year && a->record == b->record && strcmp(a->form, b->form) == 0 &&
	    strcmp(a->id_number, b->id_number) == 0 && strcmp(a->credit_code, b->credit_code) == 0;
}

static enum pen_status compare_old(struct work *work, const struct pen_amended *record, const struct pen_asked *asked,
    struct pen_error *error)
{
	bool same;

	if (!asked->old || !record->old.kind)
		return PEN_OK;
	if (pen_amended__tells(record, work->of, asked->field, asked->old, work->today, &same, error) != PEN_OK)
		return error->status;
	return same ? PEN_OK : pen_error__refuse(error, work->clause, "amend.old",
	    _("%s is not '%s' as the application says: look at what stands (pen-amend template --person), and hand it in again"),
	    asked->field, asked->old);
}

static enum pen_status ask(void *context, const struct pen_asked *asked, struct pen_error *error)
{
	struct work *work = context;
	const struct key key = key_of(asked);
	struct pen_amended *record;
	enum pen_status status = PEN_OK;

	if (!work->any || !same_key(&key, &work->key))
		status = point(work, asked, error);
	if (status != PEN_OK) {
		if (asked->line && status == PEN_USAGE)	/* what a file says is input */
			error->status = PEN_INPUT;
		return error->status;
	}
	work->any = true;
	work->key = key;
	record = &work->asking->amended.at[work->asking->amended.count - 1];
	status = compare_old(work, record, asked, error);
	return status == PEN_OK ? pen_amended__set(&work->asking->amended, record, work->of, asked->field, asked->value, work->today, error)
	    : status;
}

/* "base=6500.00" */
static enum pen_status ask_option(struct work *work, const char *set, struct pen_error *error)
{
	const struct pen_request_options *options = work->asking->options;
	const char *equals = strchr(set, '=');
	char field[128];
	struct pen_asked asked = {
		.form = options->kind, .id_number = options->person, .credit_code = options->employer, .year = options->year,
		.record = options->line, .field = field,
	};

	if (equals == NULL || equals == set || (size_t)(equals - set) >= sizeof(field))
		return pen_error__set(error, PEN_USAGE, "amend.set", _("--set is '%s'; expected FIELD=VALUE, such as base=6500.00"), set);
	snprintf(field, sizeof(field), "%.*s", (int)(equals - set), set);
	asked.value = equals + 1;
	return ask(work, &asked, error);
}

static enum pen_status ask_all(struct work *work, struct pen_error *error)
{
	const struct pen_request_options *options = work->asking->options;
	enum pen_status status = PEN_OK;
	size_t i;

	if ((options->from != NULL) == (options->sets > 0))
		return pen_error__set(error, PEN_USAGE, "amend.what",
		    _("say what is to be changed, with --set FIELD=VALUE for one record or --from FILE for many"));
	if (options->from && (options->person || options->employer || options->year || options->kind || options->line || options->folio))
		return pen_error__set(error, PEN_USAGE, "amend.from",
		    _("--from FILE says of each line whose it is: leave --person, --employer, --year, --kind, --folio and --line out"));
	if (options->from)
		return pen_askedfile__read(options->from, ask, work, error);
	for (i = 0; i < options->sets && status == PEN_OK; i++)
		status = ask_option(work, options->set[i], error);
	return status;
}

/* ------------------------------------------------------- all of it at once -- */

static int by_row(const void *a, const void *b)
{
	const struct pen_amended *x = *(struct pen_amended *const *)a, *y = *(struct pen_amended *const *)b;

	if (x->folio != y->folio)
		return x->folio < y->folio ? -1 : 1;
	if (x->new.v[PEN_SUBJECT].i != y->new.v[PEN_SUBJECT].i)
		return x->new.v[PEN_SUBJECT].i < y->new.v[PEN_SUBJECT].i ? -1 : 1;
	if (!x->folio)
		return 0;
	return x->old.v[PEN_LINE].i < y->old.v[PEN_LINE].i ? -1 : x->old.v[PEN_LINE].i > y->old.v[PEN_LINE].i;
}

/* The lines of a record stand together: one that comes up again is a slip. */
static enum pen_status check_twice(struct work *work, struct pen_error *error)
{
	struct pen_amendeds *amended = &work->asking->amended;
	struct pen_amended **order = pen_memory__calloc(amended->count ? amended->count : 1, sizeof(struct pen_amended *));
	enum pen_status status = order ? PEN_OK : pen_error__memory(error);
	size_t i;

	for (i = 0; i < amended->count && status == PEN_OK; i++)
		order[i] = &amended->at[i];
	if (status == PEN_OK)
		qsort(order, amended->count, sizeof(struct pen_amended *), by_row);
	for (i = 1; i < amended->count && status == PEN_OK; i++)
		if (is_same(order[i - 1], order[i]))
			status = pen_error__refuse(error, work->clause, "amend.twice",
			    _("line %" PRId64 " of folio %" PRId64 " is asked for in two places: its lines stand together"),
			    order[i]->old.v[PEN_LINE].i, order[i]->folio);
	pen_memory__free(order);
	return status;
}

/* What follows from what was asked, by the parameters in force. */
static enum pen_status follow_all(struct work *work, struct pen_error *error)
{
	struct pen_amendeds *amended = &work->asking->amended;
	struct pen_rule_cache cache = { 0 };
	struct pen_person_facts facts = { 0 };
	struct pen_surroundings around = {
		.area = pen_store__identity(work->store)->agency, .today = work->today, .cache = &cache, .person = &facts,
	};
	struct pen_parameters *parameters;
	char digest[PEN_DIGEST_HEX], payer[16];
	enum pen_status status = pen_settings__parameters(work->store, INT64_MAX, &parameters, digest, error);
	size_t i;

	if (status != PEN_OK)
		return status;
	around.parameters = parameters;
	for (i = 0; i < amended->count && status == PEN_OK; i++) {
		around.year = amended->at[i].period;
		facts = (struct pen_person_facts){ .person = amended->at[i].new.v[PEN_SUBJECT].i };
		if (amended->at[i].kind->of_people)
			status = pen_pointed__payer(work->store, facts.person, payer, error);
		facts.payer = amended->at[i].kind->of_people && payer[0] ? payer : NULL;
		if (status == PEN_OK)
			status = pen_follow__record(&amended->at[i], &around, error);
	}
	pen_parameter__free(parameters);
	return status;
}

static enum pen_status read_paper(struct work *work, int which, const char *path, struct pen_error *error)
{
	struct pen_asking *asking = work->asking;

	if (path == NULL)
		return pen_error__refuse(error, work->clause, "amend.paper", which == 0 ?
		    _("the papers of the original entry are missing: name their file with --original") :
		    _("the papers of the new data are missing: name their file with --evidence"));
	if (pen_file__load(path, PAPER_LARGEST, &asking->paper[which], &asking->paper_bytes[which], error) != PEN_OK)
		return error->status;
	if (asking->paper_bytes[which] == 0)
		return pen_error__set(error, PEN_INPUT, "amend.empty", _("%s is empty: expected the paper"), path);
	return PEN_OK;
}

static enum pen_status say_why(struct pen_asking *asking, struct pen_error *error)
{
	const char *reason;
	size_t n;

	if (pen_casework__reason("reason", asking->options->reason, &reason, &n, error) != PEN_OK)
		return error->status;
	snprintf(asking->reason, sizeof(asking->reason), "%.*s", (int)n, reason);
	return PEN_OK;
}

enum pen_status pen_asking__read(struct pen_asking *asking, struct pen_error *error)
{
	struct work work = {
		.asking = asking, .store = asking->session->store, .today = pen_date__today(),
		.clause = pen_amendment__clause(asking->form, PEN_AMENDMENT_REQUEST),
	};
	enum pen_status status = say_why(asking, error);

	if (status == PEN_OK)
		status = ask_all(&work, error);
	if (status == PEN_OK && asking->amended.count == 0)
		status = pen_error__set(error, PEN_INPUT, "amend.nothing", _("%s asks for nothing: every value in it is empty"), asking->options->from);
	if (status == PEN_OK)
		status = check_twice(&work, error);
	if (status == PEN_OK)
		status = follow_all(&work, error);
	if (status == PEN_OK)
		status = read_paper(&work, 0, asking->options->original, error);
	if (status == PEN_OK)
		status = read_paper(&work, 1, asking->options->evidence, error);
	while (work.forms > 0)
		pen_form__free(work.form[--work.forms]);
	return status;
}

/* ------------------------------------------------------------- trying it -- */

enum pen_status pen_asking__claims(const struct pen_asking *asking, struct pen_error *error)
{
	const struct pen_amended *record;
	struct pen_cases_claim claim;
	int64_t other;
	size_t i;

	for (i = 0; i < asking->amended.count; i++) {
		record = &asking->amended.at[i];
		claim = (struct pen_cases_claim){
			.folio = record->old.kind ? record->folio : 0, .subject = record->new.v[PEN_SUBJECT].i,
			.line = record->old.kind ? record->old.v[PEN_LINE].i : 0, .employer = record->employer, .period = record->period,
			.kind = record->kind->name,
		};
		if (pen_cases__claimed(asking->session->store, &claim, asking->revises, &other, error) != PEN_OK)
			return error->status;
		if (other)
			return pen_error__refuse(error, pen_amendment__clause(asking->form, PEN_AMENDMENT_REQUEST), "amend.open",
			    _("case %" PRId64 ", which is open, asks for a change of the same record: wait for its end, or have it withdrawn (pen-amend show %" PRId64 ")"),
			    other, other);
	}
	return PEN_OK;
}

enum pen_status pen_asking__try(struct pen_asking *asking, struct pen_error *error)
{
	if (pen_asking__claims(asking, error) != PEN_OK)
		return error->status;
	return pen_trial__run(asking->session, &(struct pen_versions_case){
		.objection = asking->form == PEN_AMENDMENT_OBJECTION, .amended = &asking->amended }, &asking->trial, error);
}

void pen_asking__free(struct pen_asking *asking)
{
	pen_effect__free(&asking->trial);
	pen_amended__free(&asking->amended);
	pen_memory__free(asking->paper[0]);
	pen_memory__free(asking->paper[1]);
	asking->paper[0] = asking->paper[1] = NULL;
}

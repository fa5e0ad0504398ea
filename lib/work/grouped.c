#include "work/grouped.h"

#include "base/error.h"
#include "base/memory.h"

void pen_grouped__free(struct pen_grouped *grouped)
{
	pen_memory__free(grouped->at);
}

static enum pen_status add(struct pen_grouped *grouped, struct pen_error *error)
{
	size_t room = grouped->room ? grouped->room * 2 : 16;
	struct pen_group *grown;

	if (grouped->count == grouped->room) {
		grown = pen_memory__realloc(grouped->at, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		grouped->at = grown;
		grouped->room = room;
	}
	grouped->at[grouped->count++] = (struct pen_group){ .people = 0 };
	return PEN_OK;
}

enum pen_status pen_grouped__turn(struct pen_grouped *grouped, struct pen_store *store, int64_t employer, int64_t folio,
    bool sealed, int64_t as_of, struct pen_group **group, struct pen_error *error)
{
	struct pen_group *last = grouped->count ? &grouped->at[grouped->count - 1] : NULL;
	enum pen_status status;

	if (last && last->employer.employer == employer && last->folio == folio) {
		*group = last;
		return PEN_OK;
	}
	if (add(grouped, error) != PEN_OK)
		return error->status;
	*group = last = &grouped->at[grouped->count - 1];
	last->folio = folio;
	last->sealed = sealed;
	status = pen_people__business(store, employer, as_of, &last->employer, error);
	if (status == PEN_OK && folio)
		status = pen_people__signer(store, folio, "operator", as_of, &last->operator, error);
	if (status == PEN_OK && folio)
		status = pen_people__signer(store, folio, "lead", as_of, &last->lead, error);
	return status;
}

static const char *or_null(const char *s)
{
	return s[0] ? s : NULL;
}

static struct pen_items items_of(struct pen_group *group, const char *key, const char *title)
{
	struct pen_item *item = group->item;
	size_t n = 0;

	if (group->folio)
		item[n++] = (struct pen_item)PEN_I_INT("folio", "表号", group->folio);
	item[n++] = (struct pen_item)PEN_I_TEXT("credit_code", "统一社会信用代码", or_null(group->employer.credit_code));
	item[n++] = (struct pen_item)PEN_I_TEXT("employer", "单位名称", or_null(group->employer.name));
	item[n++] = (struct pen_item)PEN_I_INT("people", "人数", group->people);
	if (key)
		item[n++] = (struct pen_item)PEN_I_FEN(key, title, group->fen);
	if (!group->folio)
		return (struct pen_items){ item, n };
	item[n++] = (struct pen_item)PEN_I_TEXT("state", "状态", group->sealed ? "已封存" : "未封存");
	item[n++] = (struct pen_item)PEN_I_TEXT("operator", "业务人员", or_null(group->operator.name));
	item[n++] = (struct pen_item)PEN_I_TEXT("operator_time", "签字时间", or_null(group->operator.time));
	item[n++] = (struct pen_item)PEN_I_TEXT("lead", "业务负责人", or_null(group->lead.name));
	item[n++] = (struct pen_item)PEN_I_TEXT("lead_time", "签字时间", or_null(group->lead.time));
	return (struct pen_items){ item, n };
}

struct pen_items *pen_grouped__list(struct pen_grouped *grouped, const char *key, const char *title)
{
	struct pen_items *list = pen_memory__calloc(grouped->count + 1, sizeof(*list));
	size_t i;

	for (i = 0; list && i < grouped->count; i++)
		list[i] = items_of(&grouped->at[i], key, title);
	return list;
}

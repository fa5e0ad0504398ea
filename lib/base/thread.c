#include "base/thread.h"
#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

/* --------------------------------------------------------------- threads -- */

struct pen_thread {
	pthread_t id;
	pen_thread_work *work;
	void *context;
	enum pen_status status;
	struct pen_error error;
};

static void *run(void *context)
{
	struct pen_thread *thread = context;

	thread->status = thread->work(thread->context, &thread->error);
	return NULL;
}

enum pen_status pen_thread__start(struct pen_thread **thread, pen_thread_work *work, void *context,
    struct pen_error *error)
{
	struct pen_thread *made = pen_memory__calloc(1, sizeof(*made));
	sigset_t all, before;
	int failed;

	if (!made)
		return pen_error__memory(error);
	made->work = work;
	made->context = context;
	/* Inherited by the thread: what interrupts is the caller's to see. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&made->id, NULL, run, made);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed) {
		pen_memory__free(made);
		errno = failed;
		return pen_error__errno(error, _("no second thread can be started"));
	}
	*thread = made;
	return PEN_OK;
}

enum pen_status pen_thread__join(struct pen_thread *thread, struct pen_error *error)
{
	enum pen_status status;

	if (!thread)
		return PEN_OK;
	pthread_join(thread->id, NULL);
	status = thread->status;
	if (status != PEN_OK && status != PEN_FINDINGS && error)
		*error = thread->error;
	pen_memory__free(thread);
	return status;
}

/* -------------------------------------------------------------- channels -- */

/* A ring: things[first], and the `count` - 1 after it, wait to be taken. */
struct pen_channel {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	size_t room, first, count;
	bool closed;
	void *things[];
};

struct pen_channel *pen_thread__channel(size_t room)
{
	struct pen_channel *channel = pen_memory__calloc(1, sizeof(*channel) + room * sizeof(void *));

	if (!channel)
		return NULL;
	channel->room = room;
	pthread_mutex_init(&channel->mutex, NULL);
	pthread_cond_init(&channel->changed, NULL);
	return channel;
}

void pen_thread__free_channel(struct pen_channel *channel)
{
	if (!channel)
		return;
	pthread_cond_destroy(&channel->changed);
	pthread_mutex_destroy(&channel->mutex);
	pen_memory__free(channel);
}

bool pen_thread__put(struct pen_channel *channel, void *thing)
{
	bool open;

	pthread_mutex_lock(&channel->mutex);
	while (!channel->closed && channel->count == channel->room)
		pthread_cond_wait(&channel->changed, &channel->mutex);
	open = !channel->closed;
	if (open)
		channel->things[(channel->first + channel->count++) % channel->room] = thing;
	pthread_cond_broadcast(&channel->changed);
	pthread_mutex_unlock(&channel->mutex);
	return open;
}

static void *take(struct pen_channel *channel, bool wait)
{
	void *thing = NULL;

	pthread_mutex_lock(&channel->mutex);
	while (wait && !channel->closed && channel->count == 0)
		pthread_cond_wait(&channel->changed, &channel->mutex);
	if (channel->count) {
		thing = channel->things[channel->first];
		channel->first = (channel->first + 1) % channel->room;
		channel->count--;
	}
	pthread_cond_broadcast(&channel->changed);
	pthread_mutex_unlock(&channel->mutex);
	return thing;
}

void *pen_thread__take(struct pen_channel *channel)
{
	return take(channel, true);
}

void *pen_thread__look(struct pen_channel *channel)
{
	return take(channel, false);
}

void pen_thread__close(struct pen_channel *channel)
{
	pthread_mutex_lock(&channel->mutex);
	channel->closed = true;
	pthread_cond_broadcast(&channel->changed);
	pthread_mutex_unlock(&channel->mutex);
}

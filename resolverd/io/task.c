#include "io/task.h"

#include <stddef.h>

void
task_init(struct tasks *tasks, struct task *slots, size_t count)
{
	*tasks = (struct tasks){.slots = slots, .count = count};
}

struct task *
task_take(struct tasks *tasks, struct worker *worker)
{
	struct task *task = tasks->free;

	if (task != NULL) {
		tasks->free = task->next;
	} else if (tasks->used < tasks->count) {
		task = &tasks->slots[tasks->used++];
	} else {
		return NULL;
	}
	task->worker = worker;
	return task;
}

void
task_give(struct tasks *tasks, struct task *task)
{
	task->next = tasks->free;
	tasks->free = task;
}

struct task *
task_of(struct query *query)
{
	return (struct task *)(void *)query;
}

struct task *
task_of_deadline(struct deadline *deadline)
{
	char *at = (char *)deadline;

	return (struct task *)(void *)(at - offsetof(struct task, deadline));
}

#include "ctl/cache_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/snapshot.h"
#include "dns/name.h"
#include "io/clock.h"

enum { ENTRIES = 300, PATH = 64 };

static struct cache cache;
static struct cache loaded;
static struct arena arena;
static void *blocks[2];
static struct upstream_group group;
static struct snapshot snapshot;
static char directory[PATH];
static char path[PATH + 16];

static int
setup(void **state)
{
	static const struct hash_key key = {5, 6};

	(void)state;
	arena_init_heap(&arena, 4096);
	for (size_t i = 0; i < 2; i++) {
		blocks[i] = calloc(1, CACHE_SIZE_MIN);
		assert_non_null(blocks[i]);
		cache_init(i == 0 ? &cache : &loaded, blocks[i], CACHE_SIZE_MIN,
		    &key);
	}
	group = (struct upstream_group){
	    .id = 7,
	    .label = "86400 s, 192.0.2.53",
	    .max_ttl = 86400,
	};
	snapshot = (struct snapshot){.groups = &group};
	snprintf(directory, sizeof(directory), "/tmp/test_cache_file.XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/cache", directory);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(path);
	rmdir(path);
	rmdir(directory);
	free(blocks[0]);
	free(blocks[1]);
	arena_fini(&arena);
	return 0;
}

static void
put(unsigned number)
{
	const uint8_t rdata[] = {192, 0, 2, 1};
	const struct rdata data = {.bytes = rdata, .len = sizeof(rdata)};
	struct name name;
	char text[32];
	struct reply_item item;

	snprintf(text, sizeof(text), "n%u.example.com.", number);
	assert_int_equal(name_from_text(&name, text), NAME_OK);
	item = (struct reply_item){
	    .owner = name.wire,
	    .rrset = rrset_pack(&arena, TYPE_A, 600, &data, 1),
	    .section = SECTION_ANSWER,
	};
	cache_put(&cache,
	    &(struct cache_key){.name = name.wire, .type = TYPE_A, .group = 7},
	    600, &(struct reply){.answered = true, .count = 1, .items = &item},
	    clock_now());
}

static void
save(const char *to)
{
	const struct cache *const caches[] = {&cache};

	cache_file_save(to,
	    &(struct cache_saving){
		.caches = caches,
		.count = 1,
		.snapshot = &snapshot,
		.now = clock_now(),
		.date = (uint64_t)clock_date() / CLOCK_SECOND,
		.limit = UINT64_MAX,
	    });
}

/* How many answers a start finds in the file. */
static size_t
start(void)
{
	struct cache_filling filling = {.entries = 0};

	if (!cache_file_open(&filling, path, &snapshot))
		return 0;
	cache_file_fill(&filling, &loaded);
	cache_file_close(&filling);
	return filling.entries;
}

/* Whether there is something in the directory beside the file. */
static bool
is_littered(void)
{
	DIR *stream = opendir(directory);
	const struct dirent *entry;
	bool littered = false;

	assert_non_null(stream);
	while ((entry = readdir(stream)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0 &&
		    strcmp(entry->d_name, "cache") != 0)
			littered = true;
	}
	closedir(stream);
	return littered;
}

static void
what_was_saved_is_there_at_the_next_start(void **state)
{
	struct stat status;

	(void)state;
	put(1);
	put(2);
	save(path);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_false(is_littered());
	assert_int_equal(start(), 2);
	assert_int_equal(loaded.live, 2);
}

static void
the_first_start_finds_nothing(void **state)
{
	(void)state;
	assert_int_equal(start(), 0);
}

static void
the_new_file_takes_the_old_ones_place(void **state)
{
	(void)state;
	put(1);
	save(path);
	put(2);
	save(path);
	assert_int_equal(start(), 2);
}

/* As a full disk, by a limit of this process. */
static void
a_full_disk_leaves_the_old_file(void **state)
{
	struct rlimit before;
	struct rlimit tight;

	(void)state;
	put(1);
	save(path);
	for (unsigned i = 0; i < ENTRIES; i++)
		put(i);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	tight = before;
	tight.rlim_cur = 4096;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	save(path);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_false(is_littered());
	assert_int_equal(start(), 1);
}

static void
what_a_killed_daemon_left_is_in_nobodys_way(void **state)
{
	char left[PATH + 16];
	int fd;

	(void)state;
	snprintf(left, sizeof(left), "%s/.cache.new", directory);
	fd = open(left, O_WRONLY | O_CREAT | O_CLOEXEC, 0400);
	assert_true(fd >= 0);
	close(fd);
	put(1);
	save(path);
	assert_false(is_littered());
	assert_int_equal(start(), 1);
}

/* Nobody writes through a link that somebody has put there. */
static void
a_link_in_the_temporary_files_place_is_not_followed(void **state)
{
	char left[PATH + 16];
	char victim[PATH + 16];
	struct stat status;

	(void)state;
	snprintf(left, sizeof(left), "%s/.cache.new", directory);
	snprintf(victim, sizeof(victim), "%s/victim", directory);
	assert_int_equal(symlink(victim, left), 0);
	put(1);
	save(path);
	assert_int_equal(stat(victim, &status), -1);
	assert_int_equal(start(), 1);
}

static void
a_directory_that_is_missing_is_an_error_and_no_more(void **state)
{
	char missing[PATH + 16];

	(void)state;
	snprintf(missing, sizeof(missing), "%s/no/cache", directory);
	put(1);
	save(missing);
	assert_int_equal(access(missing, F_OK), -1);
}

static void
a_directory_is_no_file(void **state)
{
	(void)state;
	assert_int_equal(mkdir(path, 0700), 0);
	put(1);
	save(path);
	assert_false(is_littered());
	assert_int_equal(start(), 0);
}

/* It would never be read to its end. */
static void
a_pipe_is_no_file(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(start(), 0);
}

/* It would be they who say where names lead. */
static void
a_file_that_others_may_write_is_not_believed(void **state)
{
	(void)state;
	put(1);
	save(path);
	assert_int_equal(chmod(path, 0620), 0);
	assert_int_equal(start(), 0);
	assert_int_equal(chmod(path, 0602), 0);
	assert_int_equal(start(), 0);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(start(), 1);
}

static void
another_users_file_is_not_believed(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	put(1);
	save(path);
	assert_int_equal(chown(path, 1, (gid_t)-1), 0);
	assert_int_equal(start(), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_was_saved_is_there_at_the_next_start),
	    TEST(the_first_start_finds_nothing),
	    TEST(the_new_file_takes_the_old_ones_place),
	    TEST(a_full_disk_leaves_the_old_file),
	    TEST(what_a_killed_daemon_left_is_in_nobodys_way),
	    TEST(a_link_in_the_temporary_files_place_is_not_followed),
	    TEST(a_directory_that_is_missing_is_an_error_and_no_more),
	    TEST(a_directory_is_no_file),
	    TEST(a_pipe_is_no_file),
	    TEST(a_file_that_others_may_write_is_not_believed),
	    TEST(another_users_file_is_not_believed),
	};

	return cmocka_run_group_tests_name("cache_file", tests, NULL, NULL);
}

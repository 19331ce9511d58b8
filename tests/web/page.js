/*
 * page.js URL PID FOLDER: the page as a person at a browser meets it.  PID is
 * the daemon's; pictures of the page go to FOLDER, to be looked at.
 */
"use strict";

const {execFileSync, spawn} = require("node:child_process");
const fs = require("node:fs");
const {Browser} = require("./browser.js");

const [url, pid, folder] = process.argv.slice(2);
const EVIL = "<img src=x onerror=hacked=1>.public.example";

function ok(what, holds, got) {
	if (!holds) {
		console.log(`not ok ${what}`);
		if (got !== undefined)
			console.log(`  got: ${got}`);
		throw new Error(what);
	}
	console.log(`ok ${what}`);
}

function ask(...words) {
	execFileSync("dig", ["+short", "@127.0.0.1", ...words]);
}

const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

const rows = "document.querySelectorAll('#queries tbody tr').length";

function hasRow(text) {
	return `[...document.querySelectorAll("#queries tbody tr")].some(
		(row) => row.textContent.includes(${JSON.stringify(text)}))`;
}

/* Beyond the right edge of what is scrolled there is nothing to be missed. */
const cut = `[...document.querySelectorAll(".scroll")].filter((box) =>
	box.scrollWidth > box.clientWidth).length`;

async function opens(page) {
	await page.until("it is live",
		"document.getElementById('state')?.textContent === 'live'");
	ok("the page opens and is live", true);
	ok("it shows the mode", await page.text("#mode") === "restricted");
	await page.until("zones", "document.querySelector('#zones td')");
	ok("that nobody has asked is said",
		!await page.run("document.getElementById('nobody').hidden"));
	ok("and the zones", (await page.text("#zones tbody")).includes("run.app."));
	ok("and the servers",
		await page.until("servers", "document.querySelector('#servers td')" +
			".textContent === '10.53.0.2'"));
	ok("a zone of both networks stands there once", await page.run(`
		[...document.querySelectorAll("#zones tr")].filter((row) =>
			row.cells[1].textContent.startsWith("run-app")).map((row) =>
			row.cells[3].textContent).join("; ")`) === "default, other");
}

async function showsQueries(page) {
	ask("hello-abc123-uc.a.run.app");
	ask("www.public.example");
	ask("www.public.example");
	ask("t.ads.example");
	ask(EVIL);
	await page.until("queries come", hasRow("onerror"));
	ok("queries come with the zone that answered",
		await page.run(hasRow("zonerun-app")));
	ok("or the rule", await page.run(hasRow("ruleno-ads")));
	ok("or the cache", await page.run(hasRow("cache")));
	ok("what a client asks is text, and no part of the page",
		await page.run("document.querySelector('#queries img') === null && " +
			"typeof hacked === 'undefined'"));
	await page.until("waits are drawn",
		"document.querySelectorAll('#latency rect').length > 1");
	ok("waits are drawn", true);
	ok("a server is called the same everywhere", !(await page.text("main"))
		.includes("10.53.0.2:53"));
}

async function explains(page) {
	await page.click("#queries tbody tr:last-child button");
	await page.until("a story", "document.querySelector('#story .match')");
	const story = await page.text("#story");

	ok("a click on a name explains it",
		story.includes("hello-abc123-uc.a.run.app") &&
			story.includes("Managed private zones"), story);
	ok("with the answer", story.includes("NOERROR") &&
		story.includes("199.36.153.4"), story);
	await page.run("document.getElementById('name').value = ''; " +
		"document.getElementById('name').focus()");
	await page.type("alias.public.example");
	await page.press("Enter", 13, "\r");
	await page.until("another",
		"document.querySelector('#story').textContent.includes('203.0.113.5')");
	ok("the keyboard alone will do", true);
	await page.run("document.getElementById('name').value = 'a..b'; " +
		"document.getElementById('explain').requestSubmit()");
	await page.until("an error", "document.querySelector('#story .bad')");
	ok("what is no name is told so",
		(await page.text("#story")).includes("empty label"));
	/* So that the list goes on. */
	await page.run("document.activeElement.blur()");
}

async function reachesAllByTab(page) {
	const met = new Set();

	for (let i = 0; i < 40; i++) {
		await page.press("Tab", 9);
		met.add(await page.run("document.activeElement.id || " +
			"document.activeElement.className"));
	}
	ok("Tab leads to everything", ["skip", "name", "type", "filter", "pause",
		"link"].every((id) => met.has(id)), [...met].join(" "));
	await page.run("document.activeElement.blur()");
}

async function filters(page) {
	const before = await page.run(rows);

	await page.click("#filter");
	await page.type("ads rule");
	ok("the list can be narrowed", await page.run(rows) === 1,
		await page.run(rows));
	await page.run("document.getElementById('filter').value = ''; " +
		"document.getElementById('filter').dispatchEvent(new Event('input')); " +
		"document.activeElement.blur()");
	ok("and widened again", await page.run(rows) === before);
	await page.click("#pause");
	ask("while-paused.public.example");
	await sleep(1500);
	ok("it stands still when told to",
		!await page.run(hasRow("while-paused")));
	await page.click("#pause");
	await page.run("document.activeElement.blur()");
	await page.until("it goes on", hasRow("while-paused"));
	ok("and goes on with nothing lost", true);
}

async function fits(page) {
	for (const width of [360, 800, 1400]) {
		for (const scheme of ["light", "dark"]) {
			await page.look(width, scheme);
			await sleep(200);
			const wide = await page.run("document.documentElement.scrollWidth");

			ok(`it fits ${width} pixels in ${scheme} colours`,
				wide <= width, wide);
			ok("with all columns of its tables",
				await page.run(cut) === 0);
			fs.writeFileSync(`${folder}/page-${width}-${scheme}.png`,
				await page.picture());
		}
	}
	const back = "getComputedStyle(document.body).backgroundColor";
	const dark = await page.run(back);

	await page.look(1400, "light");
	ok("the colours differ", await page.run(back) !== dark);
}

async function isStrict(page) {
	ok("nobody but the page's own script runs", await page.run(`(() => {
		const script = document.createElement("script");
		try { script.text = "hacked = 1"; } catch { return true; }
		document.body.append(script);
		return typeof hacked === "undefined";
	})()`));
	ok("markup cannot be put in", await page.run(`(() => {
		try { document.body.innerHTML += "<p>x"; } catch { return true; }
		return false;
	})()`));
	ok("nothing is loaded from elsewhere", await page.run(
		"fetch('http://10.53.0.2/').then(() => false, () => true)"));
}

/* Its figures stand still then, and nobody but the daemon knows why. */
async function tellsOfAStuckWorker(page) {
	const worker = fs.readdirSync(`/proc/${pid}/task`)
		.find((thread) => thread !== pid);
	const stopper = spawn(`${__dirname}/../blackbox/stop_thread.py`, [worker],
		{stdio: "ignore"});

	try {
		await page.until("it is said", "document.getElementById('state')" +
			".textContent.startsWith('live; the workers have not')", 20000);
		ok("that a worker is stuck is said, and that the daemon is there",
			true);
		fs.writeFileSync(`${folder}/page-stuck.png`, await page.picture());
	} finally {
		stopper.kill();
	}
	await page.until("it is well", "document.getElementById('state')" +
		".textContent === 'live'", 30000);
	ok("and is over when it is over", true);
}

async function noticesTheEnd(page) {
	process.kill(pid, "SIGSTOP");
	try {
		await page.until("it is said",
			"document.getElementById('state').className === 'state gone'");
		ok("that the daemon is gone is said", (await page.text("#state"))
			.startsWith("the daemon does not answer since "));
		fs.writeFileSync(`${folder}/page-gone.png`, await page.picture());
	} finally {
		process.kill(pid, "SIGCONT");
	}
	await page.until("it is back",
		"document.getElementById('state').className === 'state live'");
	ok("and that it is back", true);
}

async function main() {
	const browser = new Browser(`${folder}/profile`);

	try {
		const page = await browser.open(url);

		await page.look(1400, "light");
		await opens(page);
		await showsQueries(page);
		await explains(page);
		await reachesAllByTab(page);
		await filters(page);
		ok("the browser complains of nothing",
			page.complaints.filter((text) => !text.includes("explain")).length
				=== 0, page.complaints.join("\n"));
		await fits(page);
		await isStrict(page);
		await tellsOfAStuckWorker(page);
		await noticesTheEnd(page);
	} finally {
		await browser.close();
	}
}

main().catch((error) => {
	console.log(`not ok ${error.message}`);
	process.exitCode = 1;
});

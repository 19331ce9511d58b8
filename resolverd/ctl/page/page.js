/*
 * Draws what /api/ tells.  What comes from there, the names that clients ask
 * for above all, gets into the page as text and in no other way.
 */
"use strict";

const KEPT = 200;		/* queries in the table */
const POINTS = 120;		/* of the curve */
const REMEMBERED = 15000;	/* milliseconds of a complaint */
const PATIENCE = 7000;		/* milliseconds; the daemon gives up after 6 s */
const SVG = "http://www.w3.org/2000/svg";
const BAD = new Set(["SERVFAIL", "REFUSED", "FORMERR", "NOTIMP"]);

const state = {
	since: 0, started: null, queries: [], fresh: 0, paused: false,
	total: null, at: 0, rates: [], networks: "", lost: null,
	complaint: "", complained: 0,
};

const at = (id) => document.getElementById(id);

/* Elements. */

function make(tag, classes, text) {
	const element = document.createElement(tag);

	if (classes)
		element.className = classes;
	if (text !== undefined)
		element.textContent = text;
	return element;
}

function draw(tag, attributes, text) {
	const element = document.createElementNS(SVG, tag);

	for (const [name, value] of Object.entries(attributes))
		element.setAttribute(name, value);
	if (text !== undefined)
		element.textContent = text;
	return element;
}

function cell(classes, text) {
	return make("td", classes, text);
}

/* Numbers as people read them. */

function count(number) {
	return number.toLocaleString("en");
}

function duration(us) {
	if (us < 1)
		return "< 1 µs";
	if (us < 1000)
		return `${Math.round(us)} µs`;
	if (us < 1e6)
		return `${+(us / 1000).toPrecision(us < 1e4 ? 2 : 3)} ms`;
	return `${+(us / 1e6).toPrecision(2)} s`;
}

function size(octets) {
	const units = ["B", "KiB", "MiB", "GiB"];
	let unit = 0;

	while (octets >= 1024 && unit < units.length - 1) {
		octets /= 1024;
		unit++;
	}
	return `${+octets.toPrecision(3)} ${units[unit]}`;
}

function since(seconds) {
	const parts = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
	const first = parts.findIndex(([, length]) => seconds >= length);

	if (first < 0)
		return "0 s";
	return parts.slice(first, first + 2).map(([unit, length]) => {
		const whole = Math.floor(seconds / length);

		seconds -= whole * length;
		return `${whole} ${unit}`;
	}).join(" ");
}

/* Port 53 goes without saying. */
function host(server) {
	return server.replace(/^\[?([^\]]+?)\]?:53$/, "$1");
}

function share(part, whole) {
	if (whole === 0)
		return "–";
	const percent = 100 * part / whole;

	return `${percent > 0 && percent < 10 ? percent.toFixed(1)
		: Math.round(percent)} %`;
}

/* The daemon. */

async function get(path) {
	const stop = new AbortController();
	const timer = setTimeout(() => stop.abort(), PATIENCE);

	try {
		const response = await fetch(path, {signal: stop.signal});
		const body = await response.json();

		if (!response.ok)
			throw Object.assign(new Error(body.error.message),
				{told: true});
		return body;
	} finally {
		clearTimeout(timer);
	}
}

/* What the daemon lately said of what it cannot tell. */
function complaint() {
	return state.complained > Date.now() - REMEMBERED
		? `; ${state.complaint}` : "";
}

function complain(error) {
	if (!error.told)
		return;
	state.complaint = error.message;
	state.complained = Date.now();
}

function here() {
	state.lost = null;
	document.body.classList.remove("gone");
	at("state").className = "state live";
	const text = (state.paused ? "live, list paused" : "live") +
		complaint();

	if (at("state").textContent !== text)
		at("state").textContent = text;
}

function gone(error) {
	if (state.lost === null)
		state.lost = new Date().toTimeString().slice(0, 8);
	document.body.classList.add("gone");
	at("state").className = "state gone";
	const text = error.told ? `since ${state.lost}: ${error.message}`
		: `the daemon does not answer since ${state.lost}`;

	if (at("state").textContent !== text)
		at("state").textContent = text;
}

/* At a glance. */

function sums(stats) {
	const counts = stats.bounds_us.concat(0).map((_, i) =>
		stats.latency.reduce((sum, one) => sum + one.counts[i], 0));

	return {counts, total: counts.reduce((a, b) => a + b, 0)};
}

/* The bound under which so much of all lies. */
function quantile(bounds, {counts, total}, part) {
	let sum = 0;

	if (total === 0)
		return "–";
	for (let i = 0; i < counts.length; i++) {
		sum += counts[i];
		if (sum >= part * total)
			return i < bounds.length
				? `≤ ${duration(bounds[i])}`
				: "> 5 s";
	}
	return "–";
}

function drawSpark() {
	const most = Math.max(1, ...state.rates);
	const from = POINTS - state.rates.length;
	const points = state.rates.map((rate, i) =>
		`${from + i + 1},${(31 - 29 * rate / most).toFixed(1)}`);

	if (points.length < 2)
		return;
	at("spark").replaceChildren(
		draw("path", {class: "spark-area",
			d: `M${from + 1},32 L${points.join(" ")} L${POINTS},32 Z`}),
		draw("polyline", {class: "spark", points: points.join(" ")}));
}

function showRate(total) {
	const now = performance.now();

	if (state.total !== null && total >= state.total) {
		const rate = 1000 * (total - state.total) / (now - state.at);

		state.rates.push(rate);
		state.rates.splice(0, state.rates.length - POINTS);
		at("rate").textContent = rate < 10 && rate > 0
			? rate.toFixed(1) : count(Math.round(rate));
		drawSpark();
	}
	state.total = total;
	state.at = now;
	at("total").textContent = `${count(total)} since the start`;
}

function showFailures(sources) {
	let all = 0;
	let failed = 0;
	const by = {};

	for (const source of sources) {
		for (const [rcode, number] of Object.entries(source.rcodes)) {
			all += number;
			if (!BAD.has(rcode) && rcode !== "other")
				continue;
			failed += number;
			by[rcode] = (by[rcode] || 0) + number;
		}
	}
	at("failed").textContent = share(failed, all);
	at("failures").textContent = Object.entries(by)
		.filter(([, number]) => number > 0)
		.map(([rcode, number]) => `${count(number)} ${rcode}`)
		.join(", ") || "none";
}

function drawBucket(latency, i, most) {
	const width = 570 / latency[0].counts.length;
	const group = draw("g", {});
	let y = 170;

	for (const source of latency) {
		const height = 160 * source.counts[i] / most;

		if (height === 0)
			continue;
		y -= height;
		group.append(draw("rect", {class: source.source,
			x: (i * width + 2).toFixed(1), y: y.toFixed(1),
			width: (width - 4).toFixed(1), height: height.toFixed(1)}));
	}
	return group;
}

function describeBucket(bounds, sum, i) {
	const what = i < bounds.length ? `up to ${duration(bounds[i])}`
		: "more than 5 s";

	return `${what}: ${count(sum.counts[i])}`;
}

function drawLatency({bounds_us: bounds, latency}, sum) {
	const picture = at("latency");
	const most = Math.max(1, ...sum.counts);
	const width = 570 / sum.counts.length;
	const marks = {0: "10 µs", 3: "100 µs", 6: "1 ms", 9: "10 ms",
		12: "100 ms", 15: "1 s"};

	picture.replaceChildren(draw("line",
		{class: "axis", x1: 0, y1: 170.5, x2: 570, y2: 170.5}));
	sum.counts.forEach((_, i) => {
		const bucket = drawBucket(latency, i, most);

		bucket.append(draw("title", {}, describeBucket(bounds, sum, i)));
		picture.append(bucket);
		if (marks[i]) {
			picture.append(draw("text", {x: ((i + 1) * width).toFixed(1),
				y: 192, "text-anchor": i === 0 ? "start" : "middle",
				dx: i === 0 ? -width : 0}, marks[i]));
		}
	});
}

function drawLegend(latency) {
	at("legend").replaceChildren(...latency.map((source) => {
		const item = make("li", source.source, source.source);
		const total = source.counts.reduce((a, b) => a + b, 0);

		item.append(make("span", "", ` ${count(total)}`));
		return item;
	}));
}

function showNetworks(networks) {
	const key = JSON.stringify(networks);

	if (key === state.networks)
		return;
	state.networks = key;
	at("networks").hidden = networks.length < 2;
	at("network").replaceChildren(new Option("this host's", ""),
		...networks.map((name) => new Option(name, name)));
}

function modeText({mode, psc_address: address}) {
	return address ? `${mode} ${address}` : mode;
}

function orderText({by, until}) {
	return `ordered by ${by}` + (until
		? ` until ${new Date(until).toTimeString().slice(0, 8)}` : "");
}

async function showStatus() {
	const status = await get("/api/status");

	if (state.started !== null && state.started !== status.started) {
		state.since = 0;
		state.total = null;
	}
	state.started = status.started;
	at("mode").textContent = modeText(status.in_force);
	at("facts").textContent = [
		status.order && orderText(status.order),
		!status.reload.good &&
			"the last reload was in vain",
		status.resolv_conf.state === "other" &&
			`this machine asks ${status.resolv_conf.asks}`,
		!status.query_log.good &&
			"the query log cannot be written",
		status.configuration || "no configuration file",
		`on ${status.listen.join(", ")}`,
		`${status.workers} worker${status.workers === 1 ? "" : "s"}`,
		`up ${since(status.uptime_seconds)}`,
	].filter(Boolean).join(" · ");
	document.title = `resolverd: ${status.in_force.mode}`;
	showNetworks(status.networks.concat(status.clusters));
}

async function showStats() {
	const stats = await get("/api/stats");
	const sum = sums(stats);
	const waited = stats.latency.reduce((a, b) => a + b.sum_us, 0);

	showRate(sum.total);
	at("median").textContent = quantile(stats.bounds_us, sum, 0.5);
	at("p99").textContent = quantile(stats.bounds_us, sum, 0.99);
	at("mean").textContent = sum.total === 0 ? "–"
		: duration(waited / sum.total);
	at("nobody").hidden = sum.total > 0;
	showFailures(stats.latency);
	drawLatency(stats, sum);
	drawLegend(stats.latency);
}

async function showCache() {
	const cache = await get("/api/cache");

	at("ratio").textContent = share(cache.hits, cache.hits + cache.misses);
	at("cache").textContent = `${count(cache.entries)} answers, ` +
		`${size(cache.octets)} of ${size(cache.size)}` +
		(cache.evictions > 0 ? `, ${count(cache.evictions)} gave way` : "");
	at("fill").replaceChildren(
		draw("rect", {class: "track", width: 100, height: 6, rx: 2}),
		draw("rect", {class: "level", height: 6, rx: 2,
			width: Math.max(0.5, 100 * cache.octets / cache.size)}));
}

/* Tables. */

function fill(id, rows) {
	at(id).tBodies[0].replaceChildren(...rows);
}

function row(...cells) {
	const element = make("tr");

	element.append(...cells);
	return element;
}

async function showServers() {
	const {upstreams} = await get("/api/upstreams");

	fill("servers", upstreams.map((server) => row(
		cell("name", host(server.server)),
		cell("wrap", server.for),
		cell({up: "good", down: "bad", loop: "bad"}[server.state], server.state),
		cell("number", count(server.requests)),
		cell(server.failures > 0 ? "number bad" : "number",
			count(server.failures)),
		cell("number", server.mean_us === undefined ? "–"
			: duration(server.mean_us)))));
}

/* What several networks see alike stands there once. */
function merged(zones) {
	const kinds = new Map();

	for (const zone of zones) {
		const key = JSON.stringify([zone.dns_name, zone.name, zone.kind,
			zone.claimed_by, zone.record_sets]);
		const first = kinds.get(key);

		if (first)
			first.networks = first.networks.concat(zone.networks);
		else
			kinds.set(key, {...zone});
	}
	return [...kinds.values()];
}

async function showZones() {
	const {zones} = await get("/api/zones");

	fill("zones", merged(zones).map((zone) => row(
		cell("name", zone.dns_name),
		cell("", zone.name +
			(zone.claimed_by === "preset" ? " (preset)" : "")),
		cell("", zone.kind),
		cell("wrap", zone.networks.concat(zone.clusters).join(", ") ||
			"nowhere"),
		cell("number", count(zone.record_sets)))));
}

/* Queries. */

/* Zone, rule or server: what it was that answered. */
function answerer(query) {
	if (query.source === "rule" && query.rule)
		return query.rule;
	if (query.source === "upstream" || query.source === "error")
		return host(query.server || query.target || "");
	return query.target || "";
}

function explainButton(query) {
	const button = make("button", "link", query.name || "(no question)");

	button.type = "button";
	button.title = "Explain this name";
	button.addEventListener("click", () => {
		at("name").value = query.name;
		at("type").value = query.type;
		if (at("type").value !== query.type)
			at("type").add(new Option(query.type, query.type, true, true));
		at("network").value = "";
		at("explain").requestSubmit();
		at("h-explain").scrollIntoView({block: "center"});
	});
	return button;
}

function queryRow(query) {
	const name = cell("name");
	const source = cell("wrap");

	name.append(explainButton(query));
	if (query.extended_error)
		name.append(make("span", "why", query.extended_error.text));
	source.append(make("span", `chip ${query.source}`, query.source),
		answerer(query));
	return row(
		cell("time", new Date(query.time).toTimeString().slice(0, 8)),
		cell("client", query.client + (query.transport === "tcp" ? " tcp" : "")),
		name, cell("", query.type || ""), source,
		cell(BAD.has(query.rcode) ? "bad" : "", query.rcode),
		cell("number ttl", query.ttl === undefined ? "–" : String(query.ttl)),
		cell("number", duration(query.latency_us)));
}

function matches(query, words) {
	const text = [query.name, query.type, query.client, query.source,
		query.rcode, query.target, query.rule, query.server, query.network]
		.join(" ").toLowerCase();

	return words.every((word) => text.includes(word));
}

function showQueries() {
	const words = at("filter").value.toLowerCase().split(/\s+/)
		.filter(Boolean);
	const rows = state.queries.filter((query) => matches(query, words))
		.map((query) => {
			const element = queryRow(query);

			if (query.number > state.fresh)
				element.className = "new";
			return element;
		});

	fill("queries", rows);
	at("none").hidden = rows.length > 0;
	at("none").textContent = state.queries.length === 0
		? "Nothing was asked since this page was opened."
		: "Of the queries here none has that.";
}

async function takeQueries() {
	const live = await get(`/api/queries?since=${state.since}`);
	const first = live.last - live.queries.length;

	if (live.queries.length === 0) {
		state.since = live.last;
		return;
	}
	/* Not under the hands of who is in the table with the keyboard. */
	if (state.paused || at("queries").contains(document.activeElement))
		return;
	state.fresh = state.since;
	state.since = live.last;
	live.queries.forEach((query, i) => {
		query.number = first + i + 1;
	});
	state.queries = live.queries.reverse().concat(state.queries)
		.slice(0, KEPT);
	showQueries();
}

/* Explaining. */

function stepItem(step) {
	const settled = step.finding === "match";
	const item = make("li", `step ${settled ? "match" : "passed"}`);
	const text = make("div");

	item.append(make("span", "n", step.number), text);
	const line = make("p");

	line.append(make("b", "", step.title), ` – ${step.text}`);
	text.append(line);
	if (step.details && step.details.length > 0) {
		const list = make("ul");

		list.append(...step.details.map((detail) =>
			make("li", "", detail.text)));
		list.className = "details";
		text.append(list);
	}
	return item;
}

function recordLine(record) {
	return `${record.name}  ${record.ttl}  ${record.type}  ${record.data}`;
}

function tellStory(story) {
	const parts = [];

	for (const detail of story.before || [])
		parts.push(make("p", "quiet", detail.text));
	story.hops.forEach((hop, i) => {
		const list = make("ol");

		list.append(...hop.steps.map(stepItem));
		parts.push(make("h3", "", i === 0
			? `${hop.name} ${story.query.type}, in network ` +
				(story.query.gke_cluster || story.query.network)
			: `then ${hop.name}`), list);
	});
	const answer = story.answer;
	const heading = make("h3", "", "Answer: ");

	heading.append(make("span",
		BAD.has(answer.status) ? "bad" : "", answer.status));
	parts.push(heading);
	if (answer.extended_error)
		parts.push(make("p", "bad", answer.extended_error.text));
	const lines = answer.answer.concat(answer.authority).map(recordLine);

	if (lines.length > 0)
		parts.push(make("pre", "records", lines.join("\n")));
	at("story").replaceChildren(...parts);
}

async function explain(event) {
	event.preventDefault();
	const name = at("name").value.trim();
	const query = new URLSearchParams({name, type: at("type").value});

	/* An address is asked for its name. */
	if (/^[0-9.]+$|:/.test(name))
		query.delete("type");
	if (at("network").value)
		query.set("network", at("network").value);
	at("story").replaceChildren(make("p", "quiet", "asking …"));
	try {
		tellStory(await get(`/api/explain?${query}`));
	} catch (error) {
		at("story").replaceChildren(make("p", "bad", error.told
			? error.message : "the daemon does not answer"));
	}
}

/*
 * Each is shown again some milliseconds after it was.  One of them decides
 * whether the daemon is there, lest they contradict each other.
 */

function repeat(show, pause, decides) {
	const turn = async () => {
		try {
			if (!document.hidden) {
				await show();
				if (decides)
					here();
			}
		} catch (error) {
			if (decides)
				gone(error);
			else
				complain(error);
		}
		setTimeout(turn, pause);
	};

	turn();
}

at("explain").addEventListener("submit", explain);
at("filter").addEventListener("input", showQueries);
at("pause").addEventListener("click", () => {
	state.paused = !state.paused;
	at("pause").setAttribute("aria-pressed", String(state.paused));
	at("pause").textContent = state.paused ? "Go on" : "Pause";
	here();
});
repeat(takeQueries, 1000);
repeat(showStatus, 1000, true);
repeat(showStats, 1000);
repeat(showCache, 2000);
repeat(showServers, 3000);
repeat(showZones, 10000);

/*
 * A headless Chromium, over the pipe of its DevTools protocol: messages are
 * JSON, ended by a NUL, on descriptors 3 and 4.
 */
"use strict";

const {spawn} = require("node:child_process");

const PATIENCE = 10000;

class Browser {
	constructor(profile) {
		this.next = 1;
		this.waiting = new Map();
		this.listeners = [];
		this.rest = "";
		this.process = spawn("chromium", ["--headless=new", "--no-sandbox",
			"--remote-debugging-pipe", "--disable-gpu",
			"--disable-dev-shm-usage", "--no-first-run",
			"--disable-background-networking", "--disable-extensions",
			"--hide-scrollbars", `--user-data-dir=${profile}`,
			"about:blank"],
		{stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"]});
		this.process.stdio[4].setEncoding("utf8");
		this.process.stdio[4].on("data", (data) => this.take(data));
	}

	take(data) {
		const messages = (this.rest + data).split("\0");

		this.rest = messages.pop();
		for (const text of messages) {
			const message = JSON.parse(text);
			const call = this.waiting.get(message.id);

			if (call) {
				this.waiting.delete(message.id);
				call(message);
			} else {
				this.listeners.forEach((listen) => listen(message));
			}
		}
	}

	send(method, params = {}, sessionId = undefined) {
		const id = this.next++;

		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error(
				`${method}: no answer within ${PATIENCE} ms`)), PATIENCE);

			this.waiting.set(id, (message) => {
				clearTimeout(timer);
				if (message.error)
					reject(new Error(`${method}: ${message.error.message}`));
				else
					resolve(message.result);
			});
			this.process.stdio[3].write(
				JSON.stringify({id, method, params, sessionId}) + "\0");
		});
	}

	async open(url) {
		const {targetId} = await this.send("Target.createTarget",
			{url: "about:blank"});
		const {sessionId} = await this.send("Target.attachToTarget",
			{targetId, flatten: true});
		const page = new Page(this, sessionId);

		await page.send("Page.enable");
		await page.send("Runtime.enable");
		await page.send("Log.enable");
		await page.send("Page.navigate", {url});
		return page;
	}

	async close() {
		await this.send("Browser.close").catch(() => {});
		this.process.kill();
	}
}

class Page {
	constructor(browser, session) {
		this.browser = browser;
		this.session = session;
		this.complaints = [];
		browser.listeners.push((message) => this.listen(message));
	}

	listen({sessionId, method, params}) {
		if (sessionId !== this.session)
			return;
		if (method === "Runtime.exceptionThrown") {
			this.complaints.push(params.exceptionDetails.exception
				? params.exceptionDetails.exception.description
				: params.exceptionDetails.text);
		}
		if (method === "Log.entryAdded" && params.entry.level === "error")
			this.complaints.push(`${params.entry.text} ${params.entry.url}`);
	}

	send(method, params) {
		return this.browser.send(method, params, this.session);
	}

	async run(expression) {
		const answer = await this.send("Runtime.evaluate",
			{expression, returnByValue: true, awaitPromise: true});

		if (answer.exceptionDetails)
			throw new Error(answer.exceptionDetails.exception.description);
		return answer.result.value;
	}

	/* Until an expression is true; what it is in the end. */
	async until(what, expression, patience = PATIENCE) {
		const end = Date.now() + patience;

		while (Date.now() < end) {
			const value = await this.run(expression);

			if (value)
				return value;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		throw new Error(`${what}: not so within ${patience} ms`);
	}

	text(selector) {
		return this.run(`document.querySelector(${
			JSON.stringify(selector)}).textContent`);
	}

	/* A real click, in the middle of what a person would see there. */
	async click(selector) {
		const {x, y} = await this.run(`(() => {
			const element = document.querySelector(${
				JSON.stringify(selector)});
			element.scrollIntoView({block: "center"});
			const box = element.getBoundingClientRect();
			return {x: box.x + box.width / 2, y: box.y + box.height / 2};
		})()`);

		for (const type of ["mousePressed", "mouseReleased"]) {
			await this.send("Input.dispatchMouseEvent",
				{type, x, y, button: "left", clickCount: 1});
		}
	}

	type(text) {
		return this.send("Input.insertText", {text});
	}

	async press(key, code, text) {
		await this.send("Input.dispatchKeyEvent", {type: "keyDown", key,
			windowsVirtualKeyCode: code, text});
		await this.send("Input.dispatchKeyEvent", {type: "keyUp", key,
			windowsVirtualKeyCode: code});
	}

	/* How it looks at a width, in a scheme of colours. */
	async look(width, scheme) {
		await this.send("Emulation.setDeviceMetricsOverride", {width,
			height: 900, deviceScaleFactor: 1, mobile: width < 500});
		await this.send("Emulation.setEmulatedMedia", {features:
			[{name: "prefers-color-scheme", value: scheme}]});
	}

	async picture() {
		const {cssContentSize} = await this.send("Page.getLayoutMetrics");
		const {data} = await this.send("Page.captureScreenshot", {
			format: "png", captureBeyondViewport: true,
			clip: {x: 0, y: 0, width: cssContentSize.width,
				height: cssContentSize.height, scale: 1}});

		return Buffer.from(data, "base64");
	}
}

module.exports = {Browser};

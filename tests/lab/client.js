'use strict';
// client.js NAME: asks https://NAME/ as a Node.js program does, its address
// looked up by the system's resolver.  Prints the milliseconds that took, and
// the answer or what failed.

const dns = require('dns');
const https = require('https');
const { performance } = require('perf_hooks');

const failures = {
	ENOTFOUND: 'no address',
	ENETUNREACH: 'no connection',
	ECONNREFUSED: 'no connection',
};

const start = performance.now();

function print(outcome)
{
	console.log(`${Math.round(performance.now() - start)} ${outcome}`);
}

function succeeded(response)
{
	let body = '';

	response.setEncoding('utf8');
	response.on('data', (text) => { body += text; });
	response.on('end', () => print(`${response.statusCode} ${body}`));
}

function failed(error)
{
	print(failures[error.code] || error.code || String(error));
	process.exitCode = 1;
}

https.get({ host: process.argv[2], lookup: dns.lookup }, succeeded)
    .on('error', failed);

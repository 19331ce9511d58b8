'use strict';
// A stand-in for Google's front end: front_end.js KEY CERTIFICATE.
// It tells by the address that a request came to whether it took a private
// path, as a Cloud Run service with internal ingress does.

const fs = require('fs');
const http = require('http');
const https = require('https');

const service = 'server-node-xxxxxxx-an.a.run.app';
const notFound = { status: 404, body: 'Page not found' };
const hello = { status: 200, body: 'Hello World! from Server' };
const elsewhere = { status: 200, body: 'A public page' };

const replies = [
	{ address: /^216\.239\.3[2468]\.53$/, host: service, reply: notFound },
	{ address: /^199\.36\.153\.([4-9]|1[01])$/, host: service, reply: hello },
	{ address: /^10\.10\.10\.10$/, host: service, reply: hello },
	{ address: /^203\.0\.113\.80$/, host: 'www.example.com', reply: elsewhere },
];
const unknown = { reply: { status: 421, body: 'Misdirected Request' } };

function answer(request, response)
{
	const address = request.socket.localAddress;
	const host = request.headers.host;
	const row = replies.find(
	    (row) => row.address.test(address) && row.host === host) || unknown;

	response.writeHead(row.reply.status, { Connection: 'close' });
	response.end(row.reply.body);
}

const [key, cert] = process.argv.slice(2).map((file) => fs.readFileSync(file));

http.createServer(answer).listen(80, '0.0.0.0');
https.createServer({ key, cert }, answer).listen(443, '0.0.0.0');

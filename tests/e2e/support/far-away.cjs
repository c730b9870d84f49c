// Loaded into Electron before Hearth: this one name of the internet leads to this computer, where a test listens.
const dns = require('node:dns');

const FAR_AWAY = 'models.example.org';
const { lookup } = dns;
dns.lookup = (name, ...rest) => lookup(name === FAR_AWAY ? '127.0.0.1' : name, ...rest);

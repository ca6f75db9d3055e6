#!/usr/bin/env node
await import('../dist/audit.js');

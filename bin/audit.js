#!/usr/bin/env node
import '../dist/audit.js';

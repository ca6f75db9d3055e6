// Preloaded into a measured process: writes what it used, at its end, to the file named by BENCH_USAGE.
const { writeFileSync } = require('node:fs');

const started = process.hrtime.bigint();

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
  writeFileSync(
    process.env.BENCH_USAGE,
    JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, wallMs, rssMb: maxRSS / 1024 }),
  );
});

/** Loads a server for a while. Resolves with requests per second, how many there were, and their median time. */
export async function load(bench, port, { connections, seconds }) {
  const flags = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency'];
  const output = await bench.run(['wrk', ...flags, `http://127.0.0.1:${port}/a?b=c`]).output();
  if (/Non-2xx|Socket errors/.test(output)) throw new Error(`Errors under load:\n${output}`);
  const [, rate] = /Requests\/sec:\s+([\d.]+)/.exec(output);
  const [, requests] = /(\d+) requests in/.exec(output);
  const [, time, unit] = /50%\s+([\d.]+)(us|ms|s)/.exec(output);
  return {
    rate: Number(rate),
    requests: Number(requests),
    medianUs: Number(time) * { us: 1, ms: 1e3, s: 1e6 }[unit],
  };
}

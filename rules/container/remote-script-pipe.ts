import { bad, defineRule, good } from '../../src/rule/rule.ts';

const FETCHES = /^(curl|wget)$/;
const RUNS = /^(ba|da|a|z)?sh$|^(node|python3?|perl|ruby)$/;
const VERIFIES = /^(sha(1|256|512)sum|shasum|gpg|gpgv|cosign|minisign|openssl)$/;

export default defineRule({
  id: 'container/remote-script-pipe',
  ensures: 'Nothing fetched from the network is run unseen while an image is built.',
  severity: 'medium',
  roles: ['any'],
  cwe: 494,
  owasp: 'A08',
  why: 'Whoever controls that server, its DNS or its bucket for an hour runs code in your build, with your secrets and in your image.',
  fix: 'Start from an image that has the program, install the signed package, or check a pinned SHA-256 before running.',
  references: ['https://github.com/ossf/scorecard/blob/main/docs/checks.md#pinned-dependencies'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { built, use } of images.uses) {
      if (use === 'development') continue;
      for (const [index, { layer, program, command, words, at }] of built.commands.entries()) {
        const inLayer = built.commands.filter((other) => other.layer === layer);
        if (seen.has(`${at.path}:${layer.instruction.start}`) || inLayer.some((other) => VERIFIES.test(other.program)))
          continue;
        const before = built.commands[index - 1];
        const piped =
          RUNS.test(program) && command.joined === 'pipe' && before?.layer === layer && FETCHES.test(before.program);
        const inner =
          command.inside === 'substitution' &&
          FETCHES.test(program) &&
          inLayer.some(
            (other) =>
              /^(sh|bash|source|\.|eval)$/.test(other.program) &&
              other.command.start < command.start &&
              other.command.end >= command.end,
          );
        const saved = FETCHES.test(program)
          ? savedTo(
              words.map(({ text }) => text),
              command.redirects.map(({ target }) => target?.text),
            )
          : undefined;
        const ran =
          saved !== undefined &&
          inLayer.some(
            (other) =>
              other.command.start > command.start &&
              ((RUNS.test(other.program) && other.words[1]?.text.endsWith(saved)) || other.program === saved),
          );
        // what is made a program is going to be run
        const armed =
          saved !== undefined &&
          inLayer.some(
            (other) =>
              other.command.start > command.start &&
              other.program === 'chmod' &&
              other.words.some(({ text }) => /^([augo]*\+\w*x\w*|0?7[0-7]{2}|0?[0-7]?[1357][0-7]{2})$/.test(text)) &&
              other.words.some(({ text }) => text.endsWith(`/${saved}`) || text === saved),
          );
        if (!piped && !inner && !ran && !armed) continue;
        seen.add(`${at.path}:${layer.instruction.start}`);
        const fetch = piped && before ? before : undefined;
        const url = (fetch?.words ?? words).find(({ text }) => /^https?:\/\//.test(text))?.text ?? 'a script';
        const start = fetch ? fetch.command.start : command.start;
        yield {
          at: { path: at.path, start, end: command.end },
          message: `${url} is run as it comes, without a look at what it is.`,
        };
      }
    }

    /** The name of the file a download is written to. */
    function savedTo(words: readonly string[], targets: readonly (string | undefined)[]): string | undefined {
      const option = words.findIndex((word) => /^(-[a-zA-Z]*o|--output|-O|-[a-zA-Z]*O|--output-document)$/.test(word));
      const path =
        option >= 0 && !words[option + 1]?.startsWith('http')
          ? words[option + 1]
          : (targets.find((target) => target !== undefined) ?? words.find((word) => /^https?:/.test(word)));
      const name = path?.slice(path.lastIndexOf('/') + 1);
      return name === undefined ||
        name === '' ||
        name === '-' ||
        /\.(gz|tgz|xz|zip|deb|tar|gpg|asc|key|list)$/.test(name)
        ? undefined
        : name;
    }
  },
  examples: [
    bad('Piped into a shell', {
      Dockerfile:
        'FROM debian:13-slim\nRUN apt-get update && «curl -fsSL https://deb.nodesource.com/setup_24.x | bash -» && apt-get install -y nodejs\n',
    }),
    bad('Downloaded and run', {
      Dockerfile: 'FROM node:24-slim\nRUN «curl -o install.sh https://get.acme.io/install.sh» && sh install.sh\n',
    }),
    bad('In a substitution', {
      Dockerfile: 'FROM node:24-slim\nRUN bash -c "$(«curl -fsSL https://get.acme.io/i.sh»)"\n',
    }),
    bad('A program nobody checked', {
      Dockerfile:
        'FROM node:24-slim\nRUN «curl -fLo /usr/local/bin/dumb-init https://example.com/dumb-init_1.2.5» && chmod +x /usr/local/bin/dumb-init\nCMD ["node", "server.js"]\n',
    }),
    good('Checked first', {
      Dockerfile:
        'FROM node:24-slim\nRUN curl -fsSLo i.sh https://get.acme.io/i.sh && echo "0b1d… i.sh" | sha256sum -c - && sh i.sh\n',
    }),
    good('A key for the package manager, an archive, a health check', {
      Dockerfile:
        'FROM node:24-slim\nRUN curl -fsSL https://dl.acme.io/key.asc | gpg --dearmor -o /usr/share/keyrings/acme.gpg\nRUN curl -fsSL https://dl.acme.io/x.tgz | tar xz -C /opt\nRUN curl -fsS https://acme.io/ok\n',
    }),
    good('In a Dockerfile for development', {
      'dev.Dockerfile': 'FROM node:24\nRUN curl -fsSL https://get.acme.io | sh\n',
    }),
  ],
});

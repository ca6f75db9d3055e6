import { hasValidChecksum } from './checksums.ts';
import type { SecretFact, SecretGrade } from './secret-fact.ts';

/** The format in which an issuer writes its tokens. */
export interface TokenShape {
  readonly detector: string;
  readonly name: string;
  /** A literal every token holds; found first, so that no pattern runs on text without it. */
  readonly anchor: string;
  /** Most characters a token has before its anchor. */
  readonly lead: number;
  /** Sticky, from the first character of the token. Linear: no nested or adjacent repetition of the same characters. */
  readonly pattern: RegExp;
  readonly grade: SecretGrade;
  readonly isTest?: (token: string) => boolean;
  readonly mode?: SecretFact['mode'];
  /** Whether a checksum in the token is right. */
  readonly isIssued?: (token: string) => boolean;
}

interface Details {
  readonly lead?: readonly [pattern: string, length: number];
  readonly test?: (token: string) => boolean;
  readonly issued?: (token: string) => boolean;
}

const B62 = '[A-Za-z0-9]';
const URL64 = '[A-Za-z0-9_-]';
const HEX = '[0-9a-f]';
const UUID = `${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}`;

function shape(
  detector: string,
  name: string,
  grade: SecretGrade,
  anchor: string,
  rest: string,
  { lead, test, issued }: Details = {},
): TokenShape {
  const literal = anchor.replaceAll(/[.$/\\+*?()[\]{}|^-]/g, '\\$&');
  return {
    detector,
    name,
    grade,
    anchor,
    lead: lead?.[1] ?? 0,
    pattern: new RegExp(`${lead?.[0] ?? ''}${literal}${rest}(?![A-Za-z0-9_])`, 'y'),
    ...(test && { isTest: test }),
    ...(issued && { isIssued: issued }),
  };
}

const checked: Details = { issued: hasValidChecksum };
const test = (marker: string): Details => ({ test: (token) => token.includes(marker) });

const CLOUD: readonly TokenShape[] = [
  shape('aws-access-key-id', 'an AWS access key id', 'medium', 'AKIA', '[A-Z2-7]{16}'),
  shape('aws-session-key-id', 'a temporary AWS access key id', 'low', 'ASIA', '[A-Z2-7]{16}'),
  shape('aws-bedrock-key', 'an Amazon Bedrock API key', 'critical', 'ABSK', '[A-Za-z0-9+/]{100,280}={0,2}'),
  shape('google-api-key', 'a Google API key', 'medium', 'AIza', `${URL64}{35}`),
  shape('google-oauth-secret', 'a Google OAuth client secret', 'high', 'GOCSPX-', `${URL64}{28}`),
  shape('azure-storage-key', 'an Azure storage account key', 'critical', 'AccountKey=', '[A-Za-z0-9+/]{86}==', {
    // what the storage emulator answers to on every machine
    test: (value) => value.startsWith('AccountKey=Eby8vdM02xNOcqFl'),
  }),
  shape('azure-shared-access-key', 'an Azure shared access key', 'critical', 'SharedAccessKey=', '[A-Za-z0-9+/]{43}='),
  shape('azure-client-secret', 'a Microsoft Entra client secret', 'critical', 'Q~', '[A-Za-z0-9_~.-]{31,34}', {
    lead: ['[A-Za-z0-9_~.-]{3}\\d', 4],
  }),
  shape('azure-devops-token', 'an Azure DevOps access token', 'critical', 'AZDO', `${B62}{4}`, {
    lead: [`${B62}{76}`, 76],
  }),
  shape('digitalocean-token', 'a DigitalOcean token', 'critical', 'dop_v1_', `${HEX}{64}`),
  shape('digitalocean-token', 'a DigitalOcean OAuth token', 'critical', 'doo_v1_', `${HEX}{64}`),
  shape('digitalocean-token', 'a DigitalOcean refresh token', 'critical', 'dor_v1_', `${HEX}{64}`),
  shape('heroku-key', 'a Heroku API key', 'critical', 'HRKU-', `${URL64}{36,60}`),
  shape('cloudflare-origin-ca-key', 'a Cloudflare Origin CA key', 'critical', 'v1.0-', `${HEX}{24}-${HEX}{146}`),
  shape('fly-token', 'a Fly.io token', 'critical', 'fm2_', '[A-Za-z0-9+/]{60,2000}={0,3}'),
  shape('fly-token', 'a Fly.io token', 'critical', 'fo1_', `${URL64}{43}`),
  shape('netlify-token', 'a Netlify access token', 'critical', 'nfp_', `${B62}{36,40}`),
  ...['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'].map((prefix) =>
    shape('vercel-token', 'a Vercel token', 'critical', prefix, `${B62}{24,80}`),
  ),
  shape('render-key', 'a Render API key', 'critical', 'rnd_', `${B62}{28,40}`),
  shape('supabase-token', 'a Supabase access token', 'critical', 'sbp_', `(?:oauth_)?${HEX}{40}`),
  shape('supabase-secret-key', 'a Supabase secret key', 'critical', 'sb_secret_', `${URL64}{22,60}`),
  ...['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'].map((prefix) =>
    shape('planetscale-token', 'a PlanetScale credential', 'critical', prefix, '[A-Za-z0-9_.=-]{32,64}'),
  ),
  shape('neon-key', 'a Neon API key', 'critical', 'napi_', '[a-z0-9]{64}'),
  shape('mongodb-atlas-secret', 'a MongoDB Atlas service account secret', 'critical', 'mdb_sa_sk_', `${URL64}{40}`),
  shape('databricks-token', 'a Databricks token', 'critical', 'dapi', `${HEX}{32}(?:-\\d)?`),
  ...['hvs.', 'hvb.', 'hvr.'].map((prefix) =>
    shape('vault-token', 'a HashiCorp Vault token', 'critical', prefix, `${URL64}{24,300}`),
  ),
  shape('terraform-token', 'a HCP Terraform token', 'critical', '.atlasv1.', '[A-Za-z0-9_=-]{60,70}', {
    lead: [`${B62}{14}`, 14],
  }),
  shape('pulumi-token', 'a Pulumi access token', 'critical', 'pul-', `${HEX}{40}`),
  ...['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'].map((prefix) =>
    shape('doppler-token', 'a Doppler token', 'critical', prefix, `(?:[a-z0-9_-]{2,35}\\.)?${B62}{40,44}`),
  ),
  shape(
    'onepassword-token',
    'a 1Password service account token',
    'critical',
    'ops_eyJ',
    '[A-Za-z0-9+/]{200,2000}={0,2}',
  ),
  ...['tskey-api-', 'tskey-auth-', 'tskey-client-', 'tskey-scim-', 'tskey-webhook-'].map((prefix) =>
    shape('tailscale-key', 'a Tailscale key', 'critical', prefix, `${B62}{8,24}(?:-${B62}{20,40})?`),
  ),
];

const CODE_HOSTS: readonly TokenShape[] = [
  shape('github-token', 'a GitHub personal access token', 'critical', 'ghp_', `${B62}{36}`, checked),
  shape('github-token', 'a GitHub OAuth token', 'critical', 'gho_', `${B62}{36}`, checked),
  shape('github-token', 'a GitHub user-to-server token', 'critical', 'ghu_', `${B62}{36}`, checked),
  shape('github-token', 'a GitHub installation token', 'high', 'ghs_', `${B62}{36}`, checked),
  shape('github-token', 'a GitHub refresh token', 'critical', 'ghr_', `${B62}{36}(?:${B62}{40})?`, {}),
  shape('github-token', 'a GitHub fine-grained token', 'critical', 'github_pat_', `${B62}{22}_${B62}{59}`),
  ...[
    'glpat-',
    'gldt-',
    'glrt-',
    'glptt-',
    'glcbt-',
    'glft-',
    'glsoat-',
    'glimt-',
    'glagent-',
    'gloas-',
    'glffct-',
  ].map((prefix) =>
    shape('gitlab-token', 'a GitLab token', 'critical', prefix, `${URL64}{20,300}(?:\\.[a-z0-9]{2,12}){0,2}`),
  ),
  shape('bitbucket-token', 'a Bitbucket app password', 'critical', 'ATBB', `${B62}{32}`),
  shape('atlassian-token', 'an Atlassian API token', 'critical', 'ATATT3', '[A-Za-z0-9_=-]{150,250}'),
  shape('atlassian-token', 'an Atlassian access token', 'critical', 'ATCTT3', '[A-Za-z0-9_=-]{150,250}'),
  shape('npm-token', 'an npm access token', 'critical', 'npm_', `${B62}{36}`, checked),
  shape('docker-token', 'a Docker Hub access token', 'critical', 'dckr_pat_', `${URL64}{27,40}`),
  shape('docker-token', 'a Docker Hub organisation token', 'critical', 'dckr_oat_', `${URL64}{27,40}`),
  shape('jfrog-key', 'a JFrog API key', 'critical', 'AKCp', `${B62}{69}`),
  shape('jfrog-token', 'a JFrog reference token', 'critical', 'cmVmd', `${B62}{59}`),
  shape('pypi-token', 'a PyPI upload token', 'critical', 'pypi-AgEIcHlwaS5vcmc', `${URL64}{50,300}`),
  shape('rubygems-key', 'a RubyGems API key', 'critical', 'rubygems_', `${HEX}{48}`),
  shape('buildkite-token', 'a Buildkite token', 'critical', 'bkua_', `${HEX}{40}`),
  shape('circleci-token', 'a CircleCI token', 'critical', 'CCIPAT_', `${B62}{22}_${HEX}{40}`),
];

const PAYMENTS: readonly TokenShape[] = [
  shape('stripe-key', 'a Stripe or Clerk secret key', 'critical', 'sk_live_', `${B62}{16,247}`),
  shape('stripe-key', 'a Stripe or Clerk test key', 'critical', 'sk_test_', `${B62}{16,247}`, test('_test_')),
  shape('stripe-key', 'a Stripe restricted key', 'critical', 'rk_live_', `${B62}{16,247}`),
  shape('stripe-key', 'a Stripe restricted test key', 'critical', 'rk_test_', `${B62}{16,247}`, test('_test_')),
  shape('stripe-webhook-secret', 'a webhook signing secret', 'high', 'whsec_', '[A-Za-z0-9+/]{24,100}={0,2}'),
  shape(
    'braintree-token',
    'a Braintree access token',
    'critical',
    'access_token$',
    `(?:production|sandbox)\\$[a-z0-9]{16}\\$${HEX}{32}`,
    test('$sandbox$'),
  ),
  shape('square-token', 'a Square OAuth secret', 'critical', 'sq0csp-', `${URL64}{43}`),
  shape('square-token', 'a Square access token', 'critical', 'sq0atp-', `${URL64}{22}`),
  shape('square-token', 'a Square access token', 'critical', 'EAAA', `${URL64}{60}`),
  shape('razorpay-key', 'a Razorpay key id', 'medium', 'rzp_live_', `${B62}{14}`),
  shape('paddle-key', 'a Paddle API key', 'critical', 'pdl_live_apikey_', `[a-z0-9]{26}_${B62}{22}_${B62}{3}`),
  shape(
    'paddle-key',
    'a Paddle test key',
    'critical',
    'pdl_sdbx_apikey_',
    `[a-z0-9]{26}_${B62}{22}_${B62}{3}`,
    test('sdbx'),
  ),
  shape('plaid-token', 'a Plaid access token', 'critical', 'access-production-', UUID),
  shape('plaid-token', 'a Plaid test token', 'critical', 'access-sandbox-', UUID, test('sandbox')),
  ...['shpat_', 'shpca_', 'shppa_', 'shpss_'].map((prefix) =>
    shape('shopify-token', 'a Shopify token', 'critical', prefix, '[0-9a-fA-F]{32}'),
  ),
  shape('flutterwave-key', 'a Flutterwave secret key', 'critical', 'FLWSECK-', `${B62}{32}-X`),
  shape('shippo-token', 'a Shippo token', 'high', 'shippo_live_', `${HEX}{40}`),
];

const MESSAGING: readonly TokenShape[] = [
  ...['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-'].map((prefix) =>
    shape('slack-token', 'a Slack token', 'critical', prefix, '\\d[A-Za-z0-9-]{20,250}'),
  ),
  shape('slack-token', 'a Slack refresh token', 'critical', 'xoxe-', '1-[A-Za-z0-9-]{20,250}'),
  shape('slack-token', 'a Slack configuration token', 'critical', 'xoxe.xoxp-', '1-[A-Za-z0-9-]{20,250}'),
  shape('slack-token', 'a Slack app-level token', 'critical', 'xapp-', '\\d-[A-Z0-9]{6,16}-\\d{6,16}-[a-z0-9]{20,80}'),
  shape(
    'slack-webhook',
    'a Slack webhook URL',
    'high',
    'hooks.slack.com/',
    `(?:services|workflows|triggers)/[TE][A-Z0-9]{6,14}/[A-Z0-9]{6,18}/${B62}{16,32}`,
  ),
  shape('discord-webhook', 'a Discord webhook URL', 'high', 'discord.com/api/webhooks/', `\\d{17,20}/${URL64}{60,80}`),
  shape(
    'discord-webhook',
    'a Discord webhook URL',
    'high',
    'discordapp.com/api/webhooks/',
    `\\d{17,20}/${URL64}{60,80}`,
  ),
  shape('telegram-token', 'a Telegram bot token', 'critical', ':AA', `${URL64}{33}`, { lead: ['\\d{8,10}', 10] }),
  shape('twilio-key', 'a Twilio API key', 'high', 'SK', `${HEX}{32}`),
  shape('sendgrid-key', 'a SendGrid API key', 'critical', 'SG.', `${URL64}{22}\\.${URL64}{43}`),
  shape('mailgun-key', 'a Mailgun API key', 'critical', 'key-', `${HEX}{32}`),
  shape('mailchimp-key', 'a Mailchimp API key', 'critical', '-us', '\\d{1,2}', { lead: [`${HEX}{32}`, 32] }),
  shape('brevo-key', 'a Brevo API key', 'critical', 'xkeysib-', `${HEX}{64}-${B62}{16}`),
  shape('brevo-key', 'a Brevo SMTP key', 'critical', 'xsmtpsib-', `${HEX}{64}-${B62}{16}`),
  shape('resend-key', 'a Resend API key', 'critical', 're_', `${B62}{8}_${B62}{24}`),
  shape(
    'teams-webhook',
    'a Microsoft Teams webhook URL',
    'high',
    'webhook.office.com/webhookb2/',
    `${UUID}@${UUID}/IncomingWebhook/${HEX}{32}/${UUID}`,
  ),
];

const AI: readonly TokenShape[] = [
  ...['sk-proj-', 'sk-svcacct-', 'sk-admin-'].map((prefix) =>
    shape('openai-key', 'an OpenAI API key', 'critical', prefix, `${URL64}{40,250}`),
  ),
  shape('openai-key', 'an OpenAI API key', 'critical', 'T3BlbkFJ', `${B62}{20}`, { lead: [`sk-${B62}{20}`, 23] }),
  shape('openrouter-key', 'an OpenRouter API key', 'critical', 'sk-or-v1-', `${HEX}{64}`),
  shape('anthropic-key', 'an Anthropic API key', 'critical', 'sk-ant-', `(?:api|admin|oat|sid)\\d\\d-${URL64}{60,200}`),
  shape('langfuse-key', 'a Langfuse secret key', 'high', 'sk-lf-', UUID),
  shape('langsmith-key', 'a LangSmith API key', 'high', 'lsv2_pt_', `${HEX}{32}_${HEX}{10}`),
  shape('langsmith-key', 'a LangSmith service key', 'high', 'lsv2_sk_', `${HEX}{32}_${HEX}{10}`),
  shape('huggingface-token', 'a Hugging Face token', 'critical', 'hf_', `${B62}{34}`),
  shape('groq-key', 'a Groq API key', 'critical', 'gsk_', `${B62}{52}`),
  shape('perplexity-key', 'a Perplexity API key', 'critical', 'pplx-', `${B62}{40,56}`),
  shape('replicate-token', 'a Replicate API token', 'critical', 'r8_', `${B62}{37}`),
  shape('xai-key', 'an xAI API key', 'critical', 'xai-', `${B62}{80}`),
  shape('nvidia-key', 'an NVIDIA API key', 'critical', 'nvapi-', `${URL64}{60,70}`),
];

const SERVICES: readonly TokenShape[] = [
  shape('notion-token', 'a Notion integration token', 'critical', 'secret_', `${B62}{43}`),
  shape('notion-token', 'a Notion integration token', 'critical', 'ntn_', `\\d{11}${B62}{35}`),
  shape('linear-key', 'a Linear API key', 'critical', 'lin_api_', `${B62}{40}`),
  shape('linear-key', 'a Linear OAuth token', 'critical', 'lin_oauth_', `${HEX}{64}`),
  shape('figma-token', 'a Figma access token', 'high', 'figd_', `${URL64}{38,44}`),
  shape('grafana-token', 'a Grafana Cloud token', 'critical', 'glc_', '[A-Za-z0-9+/]{32,400}={0,2}'),
  shape('grafana-token', 'a Grafana service account token', 'critical', 'glsa_', `${B62}{32}_[0-9A-Fa-f]{8}`),
  shape('newrelic-key', 'a New Relic user key', 'critical', 'NRAK-', '[A-Z0-9]{27}'),
  shape('newrelic-license', 'a New Relic licence key', 'medium', 'NRAL', '', { lead: [`${HEX}{36}`, 36] }),
  shape('sentry-token', 'a Sentry organisation token', 'critical', 'sntrys_', 'eyJ[A-Za-z0-9+/=_-]{60,400}'),
  shape('sentry-token', 'a Sentry user token', 'critical', 'sntryu_', `${HEX}{64}`),
  shape('postman-key', 'a Postman API key', 'critical', 'PMAK-', `${HEX}{24}-${HEX}{34}`),
  shape('launchdarkly-key', 'a LaunchDarkly SDK key', 'high', 'sdk-', UUID),
  shape('launchdarkly-key', 'a LaunchDarkly API token', 'critical', 'api-', UUID),
  shape('mapbox-token', 'a Mapbox secret token', 'high', 'sk.eyJ', `${URL64}{20,300}\\.${URL64}{20,30}`),
  shape('sonar-token', 'a Sonar user token', 'high', 'squ_', `${HEX}{40}`),
  shape('sonar-token', 'a Sonar project token', 'high', 'sqp_', `${HEX}{40}`),
  shape('sonar-token', 'a Sonar global token', 'high', 'sqa_', `${HEX}{40}`),
  shape('contentful-token', 'a Contentful management token', 'critical', 'CFPAT-', `${URL64}{43}`),
  shape('dynatrace-token', 'a Dynatrace token', 'critical', 'dt0c01.', '[A-Z0-9]{24}\\.[A-Z0-9]{64}'),
  shape('posthog-key', 'a PostHog personal key', 'high', 'phx_', `${B62}{40,52}`),
  shape('honeycomb-key', 'a Honeycomb ingest key', 'medium', 'hcaik_', `${B62}{26}[a-z0-9]{32}`),
  shape('age-key', 'an age secret key', 'critical', 'AGE-SECRET-KEY-1', '[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}'),
];

/** The formats of tokens whose issuers document one, written from those documents. */
export const TOKEN_SHAPES: readonly TokenShape[] = [
  ...CLOUD,
  ...CODE_HOSTS,
  ...PAYMENTS,
  ...MESSAGING,
  ...AI,
  ...SERVICES,
];

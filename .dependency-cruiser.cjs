// The import rule of ARCHITECTURE.md. scripts/verify/import-rule.mjs plants a breach of each rule and sees it refused.

const TEST = "(\\.test\\.tsx?$|/testing/|/src/.*\\.bench\\.ts$)";
const library = (name) => `(^|node_modules/)${name}(/|$)`;

/** Files under `from` (tests aside) may import only `allowed`. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, pathNot: TEST },
  to: { pathNot: allowed },
});

/** Files under `from` may not import `to`. */
const never = (name, from, to, comment) => ({ name, comment, severity: "error", from, to });

const packages = [
  only(
    "evaluation-is-alone",
    "^evaluation/src/(?!operators/)",
    ["^evaluation/src/"],
    "One pure function, no imports.",
  ),
  only(
    "operators-use-re2js-only",
    "^evaluation/src/operators/",
    ["^evaluation/src/", library("re2js")],
    "A registrable operator may bring its one library.",
  ),
  only(
    "contract-is-schemas",
    "^contract/src/",
    ["^contract/src/", "^evaluation/src/", library("zod")],
    "What crosses HTTP: the model's types and Zod.",
  ),
  only(
    "sdk-core-is-portable",
    "^sdk-core/src/",
    ["^sdk-core/src/", "^evaluation/src/"],
    "It runs in Node and in a browser.",
  ),
  only(
    "sdk-node-is-self-contained",
    "^sdk-node/src/(?!openfeature\\.ts)",
    [
      "^sdk-node/src/",
      "^sdk-core/src/",
      "^evaluation/src/",
      "^node:",
      "^(fs|path|os|crypto|http|https|util|zlib|stream)(/|$)",
    ],
    "Installing the SDK installs nothing else.",
  ),
  only(
    "sdk-node-openfeature-is-an-adapter",
    "^sdk-node/src/openfeature\\.ts",
    ["^sdk-node/src/", "^sdk-core/src/", "^evaluation/src/", library("@openfeature/server-sdk")],
    "It is for those who have OpenFeature's SDK.",
  ),
  only(
    "sdk-browser-openfeature-is-an-adapter",
    "^sdk-browser/src/openfeature\\.ts",
    ["^sdk-browser/src/", "^sdk-core/src/", "^evaluation/src/", library("@openfeature/web-sdk")],
    "It is for those who have OpenFeature's SDK.",
  ),
  only(
    "sdk-browser-react-is-hooks",
    "^sdk-browser/src/react\\.ts",
    ["^sdk-browser/src/", "^sdk-core/src/", "^evaluation/src/", library("react")],
    "It is for those who have React.",
  ),
  only(
    "sdk-browser-is-self-contained",
    "^sdk-browser/src/(?!openfeature\\.ts|react\\.ts)",
    ["^sdk-browser/src/", "^sdk-core/src/", "^evaluation/src/"],
    "Installing the SDK installs nothing else.",
  ),
  never(
    "server-knows-no-client",
    { path: "^(server|migrations|contract)/" },
    { path: "^(sdk-|admin-ui/|e2e/|bench/|examples/)" },
    "Clients depend on the server's contract, never the other way round.",
  ),
  never(
    "journeys-use-the-built-product",
    { path: "^(e2e|examples)/" },
    { path: "^(server|admin-ui|sdk-core)/src/" },
    "What users cannot import, journeys and examples cannot either.",
  ),
];

const server = [
  never(
    "main-is-the-top",
    { path: "^server/src/", pathNot: TEST },
    { path: "^server/src/main\\.ts$" },
    "It has effects on import.",
  ),
  never(
    "app-and-services-are-composition",
    { path: "^server/src/", pathNot: ["^server/src/(main|app|services)\\.ts$", TEST] },
    { path: "^server/src/(app|services)\\.ts$" },
    "Nothing below them knows how it is put together.",
  ),
  never(
    "management-not-delivery",
    { path: "^server/src/management/" },
    { path: "^server/src/delivery/" },
    "They meet in the database and in announced facts.",
  ),
  never(
    "delivery-not-management",
    { path: "^server/src/delivery/", pathNot: TEST },
    { path: "^server/src/management/" },
    "They meet in the database and in announced facts.",
  ),
  never(
    "http-below-features",
    { path: "^server/src/http/", pathNot: TEST },
    { path: "^server/src/(management|delivery)/" },
    "HTTP does not know what it carries.",
  ),
  never(
    "access-below-http",
    { path: "^server/src/access/", pathNot: TEST },
    { path: "^server/src/(management|delivery|http)/" },
    "Who may do what does not depend on the transport.",
  ),
  never(
    "database-and-fanout-at-the-bottom",
    { path: "^server/src/(database|fanout)/", pathNot: TEST },
    { path: "^server/src/(management|delivery|http|access)/" },
    "They carry facts, they do not judge them.",
  ),
  never(
    "leaves-import-nothing-of-ours",
    { path: "^server/src/(errors|ids|config|canonical-json|extensions)\\.ts$" },
    { path: "^server/src/.+/" },
    "Everybody imports them.",
  ),
  never(
    "verbs-know-no-express",
    {
      path: "^server/src/(management|delivery)/[^/]+/",
      // A stream holds its response for hours.
      pathNot: ["/(routes|[a-z-]+-routes)\\.ts$", "^server/src/delivery/stream/connection\\.ts$", TEST],
    },
    { path: library("express") },
    "A verb is called with values; only routes know a request.",
  ),
  never(
    "a-feature-through-its-index",
    { path: "^server/src/(management|delivery)/([^/]+)/", pathNot: TEST },
    {
      path: "^server/src/(management|delivery)/[^/]+/",
      pathNot: ["^server/src/$1/$2/", "^server/src/[^/]+/[^/]+/index\\.ts$"],
    },
    "What a feature keeps to itself can change.",
  ),
  never(
    "the-root-through-indexes",
    { path: "^server/src/[^/]+\\.ts$", pathNot: TEST },
    { path: "^server/src/(management|delivery)/[^/]+/", pathNot: ["^server/src/[^/]+/[^/]+/index\\.ts$"] },
    "What a feature keeps to itself can change.",
  ),
];

const ui = [
  never(
    "ui-app-is-the-top",
    { path: "^admin-ui/src/(features|components|lib)/", pathNot: TEST },
    { path: "^admin-ui/src/app/" },
    "app → features → {components, lib}",
  ),
  never(
    "ui-parts-below-features",
    { path: "^admin-ui/src/(components|lib)/", pathNot: TEST },
    { path: "^admin-ui/src/features/" },
    "app → features → {components, lib}",
  ),
  never(
    "ui-features-apart",
    { path: "^admin-ui/src/features/([^/]+)/", pathNot: TEST },
    { path: "^admin-ui/src/features/[^/]+/", pathNot: "^admin-ui/src/features/$1/" },
    "What two features need is a component or belongs in lib.",
  ),
  never(
    "ui-without-zod",
    { path: "^admin-ui/src/" },
    { path: library("zod") },
    "It costs more than the page that would use it.",
  ),
  never(
    "ui-takes-types-from-the-contract",
    { path: "^admin-ui/src/", pathNot: TEST },
    { path: "^contract/", dependencyTypesNot: ["type-only"] },
    "Importing a schema would ship Zod.",
  ),
];

module.exports = {
  forbidden: [
    ...packages,
    ...server,
    ...ui,
    never("no-cycles", {}, { circular: true }, "Each of the two cannot be understood without the other."),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: `${__dirname}/tsconfig.base.json` },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json"],
    },
  },
};

import type { Environment, FlagDetail, ManagedSegment } from "@lanyard/contract";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useCatalog } from "../../components/conditions/catalog.ts";
import { conditionWords, serveWords } from "../../lib/describe/describe-condition.ts";
import type { Targeting } from "../../lib/targeting.ts";
import { type InBrowsers, inBrowsers } from "./in-browsers.ts";
import classes from "./preview-panel.module.css";
import { previewRuleset } from "./preview-ruleset.ts";

interface BrowserPanelProps {
  flag: FlagDetail;
  environment: Environment;
  targeting: Targeting;
  segments: ManagedSegment[];
}

/** What leaves for browsers: made here by the function that the server runs. */
export function BrowserPanel({ flag, environment, targeting, segments }: BrowserPanelProps) {
  const { attributes } = useCatalog();
  const { data: specialiser } = useQuery({
    queryKey: ["specialiser"],
    queryFn: async () => {
      const [{ createSpecialiser }, { operators }] = await Promise.all([
        import("@lanyard/evaluation/specialise"),
        import("@lanyard/evaluation/operators"),
      ]);
      return { createSpecialiser, operators };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const shown = useMemo(() => {
    if (!specialiser) return undefined;
    const isPublic = attributes.filter(({ visibility }) => visibility === "public").map(({ name }) => name);
    const ruleset = previewRuleset({
      flag,
      targeting,
      environment: environment.key,
      required: [],
      segments,
    });
    const { createSpecialiser, operators } = specialiser;
    return inBrowsers(ruleset, flag.key, new Set(isPublic), createSpecialiser, { operators });
  }, [specialiser, attributes, flag, targeting, environment, segments]);
  return (
    <section className={classes.panel} aria-label="In browsers">
      <h2 className={classes.title}>In browsers</h2>
      <p className={classes.lead}>What the page of an anonymous visitor is sent, and anybody can read.</p>
      {shown ? (
        <Left shown={shown} off={flag.off} on={targeting.on} />
      ) : (
        <div className={classes.outcome} aria-busy="true" />
      )}
      {shown && <Notes shown={shown} />}
    </section>
  );
}

function Left({ shown, off, on }: { shown: InBrowsers; off: string; on: boolean }) {
  if (!on) return <p className={classes.outcome}>The flag is off: everybody gets {off}.</p>;
  return (
    <ol className={`${classes.outcome} ${classes.left}`}>
      {shown.rules.map(({ id, when, serve }) => (
        <li key={id}>
          {conditionWords(when)}: <b>{serveWords(serve)}</b>
        </li>
      ))}
      {shown.fallthrough && (
        <li>
          everyone else: <b>{serveWords(shown.fallthrough)}</b>
        </li>
      )}
    </ol>
  );
}

function Notes({ shown }: { shown: InBrowsers }) {
  const { hiddenRules } = shown;
  return (
    <>
      {hiddenRules > 0 && (
        <p className={classes.note}>
          {hiddenRules === 1 ? "One rule stays" : `${hiddenRules} rules stay`} on the server: private
          attributes and lists count only for users whose context your backend has signed.
        </p>
      )}
      {shown.hasExclusions && (
        <p className={classes.note}>
          An exclusion list protects only verified users: nobody knows that an anonymous visitor is on it.
        </p>
      )}
      {shown.operators.length > 0 && (
        <p className={classes.note}>
          Pages have to register {shown.operators.join(" and ")} from sdk-browser/operators; one that does not
          serves the off variation.
        </p>
      )}
    </>
  );
}

const CORD = "M300 -20 C 280 160, 330 320, 262 520 S 300 800, 250 1020";

/** Signal flags on a lanyard: the picture of the front pages. */
export function Hoist() {
  return (
    <svg viewBox="0 0 600 1000" preserveAspectRatio="xMidYMin slice" width="100%" height="100%" fill="none">
      <title>Signal flags on a lanyard</title>
      <path
        d="M-40 790 C 120 740, 260 840, 420 790 S 640 760, 700 790 V1020 H-40Z"
        fill="#ffffff"
        opacity=".05"
      />
      <path
        d="M-40 850 C 100 810, 280 900, 430 850 S 620 830, 700 860 V1020 H-40Z"
        fill="#ffffff"
        opacity=".05"
      />
      <path d={CORD} stroke="#f4efe6" strokeWidth="5" strokeLinecap="round" />
      <path d={CORD} stroke="#0b4864" strokeWidth="5" strokeDasharray="2 11" opacity=".5" />
      <g transform="translate(292 96) rotate(5)">
        <path d="M0 0h176l-42 46 42 46H0z" fill="#ffb454" />
      </g>
      <g transform="translate(298 226) rotate(3)">
        <rect width="138" height="96" rx="3" fill="#f4efe6" />
        <rect x="36" y="25" width="66" height="46" fill="#d6503f" />
      </g>
      <g transform="translate(297 362) rotate(-4)">
        <path d="M0 0l170 40L0 84z" fill="#f4efe6" />
        <path d="M0 0l85 20v43L0 84z" fill="#5fb0d3" />
      </g>
      <g transform="translate(263 496) rotate(-5)">
        <rect width="132" height="92" rx="3" fill="#5fb0d3" />
        <path d="M0 46h132M66 0v92" stroke="#f4efe6" strokeWidth="20" />
      </g>
      <g transform="translate(256 634) rotate(2)">
        <path d="M0 0h150l-36 38 36 38H0z" fill="#d6503f" opacity=".92" />
      </g>
    </svg>
  );
}

import { Alert, type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one design file: type, spacing, colours of states and environments. Light first, then dark. */

const harbour: MantineColorsTuple = [
  "#eaf5fa",
  "#d0e7f1",
  "#a3cfe2",
  "#74b6d3",
  "#55a6ca",
  "#3a93bb",
  "#2583ad",
  "#176d94",
  "#0f587b",
  "#073f5a",
];
const stone: MantineColorsTuple = [
  "#f8f7f4",
  "#f0eeea",
  "#e5e2dc",
  "#d6d2ca",
  "#bdb8ae",
  "#6f767c",
  "#5c666e",
  "#48535c",
  "#313d47",
  "#16212b",
];
const night: MantineColorsTuple = [
  "#e6edf3",
  "#c5d0da",
  "#9aabb9",
  "#8595a4",
  "#2c3a47",
  "#22303c",
  "#17232d",
  "#111b24",
  "#0b1218",
  "#070c11",
];

export const theme = createTheme({
  primaryColor: "harbour",
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  luminanceThreshold: 0.33,
  colors: { harbour, gray: stone, dark: night },
  white: "#ffffff",
  black: "#16212b",
  fontFamily:
    '"Inter var", "Inter", ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", Menlo, Consolas, monospace',
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  fontSizes: { xs: "12px", sm: "13.5px", md: "15px", lg: "17px", xl: "20px" },
  lineHeights: { xs: "1.4", sm: "1.5", md: "1.5", lg: "1.5", xl: "1.4" },
  headings: {
    fontWeight: "650",
    sizes: {
      h1: { fontSize: "24px", lineHeight: "1.25" },
      h2: { fontSize: "17px", lineHeight: "1.35" },
      h3: { fontSize: "15px", lineHeight: "1.4" },
    },
  },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // Its own orange is too pale for a title on its own ground.
    Alert: Alert.extend({
      vars: (_theme, { color }) => ({
        root:
          color === "orange"
            ? { "--alert-color": "var(--ly-notice)", "--alert-bg": "var(--ly-notice-soft)" }
            : {},
      }),
    }),
    CloseButton: { defaultProps: { "aria-label": "Close" } },
    Button: { defaultProps: { size: "sm" }, styles: { root: { fontWeight: 550 } } },
    TextInput: { defaultProps: { size: "sm" } },
    Textarea: { defaultProps: { size: "sm", autosize: true, minRows: 2 } },
    PasswordInput: {
      defaultProps: { size: "sm", visibilityToggleButtonProps: { "aria-label": "Show what is typed" } },
    },
    Select: { defaultProps: { size: "sm", checkIconPosition: "right", comboboxProps: { shadow: "md" } } },
    MultiSelect: { defaultProps: { size: "sm", comboboxProps: { shadow: "md" } } },
    TagsInput: { defaultProps: { size: "sm", comboboxProps: { shadow: "md" } } },
    Modal: {
      defaultProps: { centered: true, radius: "lg", overlayProps: { backgroundOpacity: 0.45, blur: 2 } },
      styles: { title: { fontSize: "17px", fontWeight: 650 } },
    },
    Menu: { defaultProps: { shadow: "md", radius: "md" } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
    Tabs: { styles: { tab: { fontWeight: 550 } } },
  },
});

interface Tokens {
  canvas: string;
  surface: string;
  sunken: string;
  line: string;
  "line-strong": string;
  ink: string;
  dim: string;
  on: string;
  "on-soft": string;
  partial: string;
  "partial-soft": string;
  off: string;
  "off-soft": string;
  killed: string;
  "killed-ink": string;
  "killed-soft": string;
  "killed-text": string;
  notice: string;
  "notice-soft": string;
  "env-green": string;
  "env-blue": string;
  "env-orange": string;
  "env-red": string;
  "env-grape": string;
  "env-teal": string;
  "env-gray": string;
  shadow: string;
}

const light: Tokens = {
  canvas: "#f6f5f2",
  surface: "#ffffff",
  sunken: "#faf9f7",
  line: "#e5e2dc",
  "line-strong": "#cfcac1",
  ink: "#16212b",
  dim: "#56616b",
  on: "#0f6b3d",
  "on-soft": "#e1f3e8",
  partial: "#4a3fb0",
  "partial-soft": "#ecebfb",
  off: "#56616b",
  "off-soft": "#f0eeea",
  killed: "#b3241a",
  "killed-ink": "#ffffff",
  "killed-soft": "#fdecea",
  "killed-text": "#a11f16",
  notice: "#875007",
  "notice-soft": "#fdf3df",
  "env-green": "#23824f",
  "env-blue": "#2563c4",
  "env-orange": "#b8560b",
  "env-red": "#b3241a",
  "env-grape": "#8a3ab9",
  "env-teal": "#0b7a75",
  "env-gray": "#5c666e",
  shadow: "0 1px 2px rgb(22 33 43 / 5%), 0 4px 16px rgb(22 33 43 / 5%)",
};

const dark: Tokens = {
  canvas: "#0b1218",
  surface: "#111b24",
  sunken: "#0e171f",
  line: "#22303c",
  "line-strong": "#354655",
  ink: "#e6edf3",
  dim: "#9aabb9",
  on: "#63d698",
  "on-soft": "#10291e",
  partial: "#b3adff",
  "partial-soft": "#211f42",
  off: "#9aabb9",
  "off-soft": "#1a2630",
  killed: "#d63a2e",
  "killed-ink": "#ffffff",
  "killed-soft": "#32140f",
  "killed-text": "#ff9d92",
  notice: "#f0bd6a",
  "notice-soft": "#2b2110",
  "env-green": "#5bc98c",
  "env-blue": "#74aaf7",
  "env-orange": "#f0995a",
  "env-red": "#ff857a",
  "env-grape": "#cf93ee",
  "env-teal": "#52c7c0",
  "env-gray": "#9aabb9",
  shadow: "0 1px 2px rgb(0 0 0 / 30%), 0 6px 20px rgb(0 0 0 / 25%)",
};

const named = (tokens: Tokens): Record<string, string> =>
  Object.fromEntries(Object.entries(tokens).map(([name, value]) => [`--ly-${name}`, String(value)]));

const overrides = (tokens: Tokens) => ({
  ...named(tokens),
  "--mantine-color-body": tokens.surface,
  "--mantine-color-text": tokens.ink,
  "--mantine-color-dimmed": tokens.dim,
  "--mantine-color-default-border": tokens["line-strong"],
  "--mantine-color-error": tokens["killed-text"],
  "--mantine-color-orange-light": tokens["notice-soft"],
  "--mantine-color-orange-light-color": tokens.notice,
  "--mantine-color-red-light": tokens["killed-soft"],
  "--mantine-color-red-light-color": tokens["killed-text"],
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: overrides(light),
  dark: overrides(dark),
});

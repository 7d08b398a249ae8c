export interface Product {
  id: string;
  name: string;
  line: string;
  cents: number;
  picture: string;
}

export const PRODUCTS: readonly Product[] = [
  { id: "rope", name: "Mooring rope", line: "Twelve metres, spliced by hand.", cents: 4_900, picture: "🪢" },
  {
    id: "bell",
    name: "Ship's bell",
    line: "Solid brass; wakes the whole crew.",
    cents: 12_900,
    picture: "🔔",
  },
  { id: "lamp", name: "Storm lamp", line: "Burns through any weather.", cents: 7_450, picture: "🏮" },
  { id: "compass", name: "Compass", line: "Knows where north is. Always.", cents: 8_900, picture: "🧭" },
  { id: "jacket", name: "Oilskin jacket", line: "Yellow, as it should be.", cents: 15_900, picture: "🧥" },
  { id: "anchor", name: "Folding anchor", line: "Four kilos of certainty.", cents: 6_200, picture: "⚓" },
];

const BY_ID = new Map(PRODUCTS.map((product) => [product.id, product]));

export const productById = (id: string): Product | undefined => BY_ID.get(id);

export const euros = (cents: number): string => `€ ${(cents / 100).toFixed(2)}`;

/** What others bought with it: the next two on the shelf that are not in the cart. */
export function recommended(cart: readonly Product[]): Product[] {
  return PRODUCTS.filter((product) => !cart.includes(product)).slice(0, 2);
}

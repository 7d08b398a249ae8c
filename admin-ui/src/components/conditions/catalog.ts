import type { Attribute } from "@lanyard/contract";
import { createContext, useContext } from "react";

/** What the builder may suggest; typing something else is always possible. */
export interface Catalog {
  attributes: Pick<Attribute, "name" | "type" | "visibility">[];
  segments: string[];
}

export const CatalogContext = createContext<Catalog>({ attributes: [], segments: [] });

export const useCatalog = (): Catalog => useContext(CatalogContext);

/** Names of attributes, the targeting key first. */
export function attributeNames(catalog: Catalog): string[] {
  return [
    "targetingKey",
    ...catalog.attributes.map((one) => one.name).filter((name) => name !== "targetingKey"),
  ];
}

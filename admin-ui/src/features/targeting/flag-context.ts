import type { FlagDetail } from "@lanyard/contract";
import { createContext, useContext } from "react";

/** What the parts of the editor know about the flag that is edited. */
export interface EditedFlag {
  flag: FlagDetail;
  readOnly: boolean;
}

export const FlagContext = createContext<EditedFlag | undefined>(undefined);

export function useEditedFlag(): EditedFlag {
  const edited = useContext(FlagContext);
  if (!edited) throw new Error("useEditedFlag outside the targeting editor");
  return edited;
}

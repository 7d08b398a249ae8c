import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { CatalogContext } from "../../components/conditions/catalog.ts";
import { attributeQueries } from "../../features/attributes/queries.ts";
import { HistoryList } from "../../features/history/history-list.tsx";
import { segmentQueries } from "../../features/segments/queries.ts";
import { SegmentPage } from "../../features/segments/segment-page.tsx";
import { SegmentsPage } from "../../features/segments/segments-page.tsx";
import { useProject } from "../../lib/project-context.ts";

export function SegmentsScreen() {
  const { search = "" } = useSearch({ from: "/signed-in/projects/$project/segments" });
  const navigate = useNavigate({ from: "/projects/$project/segments" });
  return (
    <SegmentsPage
      search={search}
      onSearch={(next) => void navigate({ search: next ? { search: next } : {}, replace: true })}
    />
  );
}

export function SegmentScreen() {
  const project = useProject();
  const { segment } = useParams({ from: "/signed-in/projects/$project/segments/$segment" });
  const { data: attributes } = useQuery(attributeQueries.list(project.key));
  const { data: segments } = useQuery(segmentQueries.list(project.key));
  const others = segments?.items.map((one) => one.key).filter((key) => key !== segment) ?? [];
  return (
    <CatalogContext value={{ attributes: attributes?.items ?? [], segments: others }}>
      <SegmentPage segment={segment} history={<HistoryList scope={{ segment }} />} />
    </CatalogContext>
  );
}

//! Values on their way to the server, and rows on their way back.

use std::error::Error;

use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::store::StoreError;
use crate::store::engine::{Row, Value};

impl Value<'_> {
    /// The type that the server is told; it finds out itself what a NULL is.
    pub(super) fn kind(&self) -> Type {
        match self {
            Self::Null => Type::UNKNOWN,
            Self::Integer(_) => Type::INT8,
            Self::Text(_) => Type::TEXT,
            Self::Blob(_) => Type::BYTEA,
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Integer(value) => out.extend_from_slice(&value.to_be_bytes()),
            Self::Text(value) => out.extend_from_slice(value.as_bytes()),
            Self::Blob(value) => out.extend_from_slice(value),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A row of an answer.
pub(super) struct PostgresRow<'r>(pub(super) &'r postgres::Row);

impl PostgresRow<'_> {
    fn get<'a, T: FromSql<'a>>(&'a self, column: usize) -> Result<Option<T>, StoreError> {
        match self.0.try_get::<_, Option<T>>(column) {
            Ok(value) => Ok(value),
            // NULL is nothing in every type.
            Err(_) if matches!(self.0.try_get::<_, Option<Anything>>(column), Ok(None)) => Ok(None),
            Err(_) => {
                let name = self.0.columns().get(column).map_or("?", |column| column.name());
                let what = format!("the column `{name}` has another type than its schema");
                Err(StoreError::Corrupt(what))
            }
        }
    }
}

/// A value of any type, of which only that it is there is asked.
struct Anything;

impl<'a> FromSql<'a> for Anything {
    fn from_sql(_: &Type, _: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl Row for PostgresRow<'_> {
    fn integer(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.0.columns().get(column).map(postgres::Column::type_) {
            Some(&Type::INT4) => Ok(self.get::<i32>(column)?.map(i64::from)),
            _ => self.get(column),
        }
    }

    fn text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        self.get(column)
    }

    fn blob(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        self.get(column)
    }
}
